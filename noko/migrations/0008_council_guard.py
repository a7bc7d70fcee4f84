"""The database guards the council: what no page and no program may do is refused here.

A vote is taken only while its ballot is open, from a member who takes part and is not recused, in
the way (open or secret) of the ballot. The ballot is locked for sharing, so that its close waits
for votes under way and every later vote finds it closed; the member's line of attendance is locked,
so that a vote and a recusal of one member follow each other. A closed ballot, a decision and signed
minutes do not change any more.
"""

from django.db import migrations

GUARD = """
create function noko_council_refuse(message text, name text) returns void language plpgsql as $$
begin
    raise exception '%', message using errcode = 'check_violation', constraint = name;
end $$;

create function noko_council_kept() returns trigger language plpgsql as $$
begin
    perform noko_council_refuse(tg_op || ' of ' || tg_table_name || ' is refused', 'council_kept');
    return null;
end $$;

create function noko_vote_admitted() returns trigger language plpgsql as $$
declare
    ballot record;
    seen text;
    secret_way boolean := tg_table_name = 'noko_voted';
begin
    select status, secret, closes_at, item_id, rule into ballot
        from noko_ballot where id = new.ballot_id for share;
    if ballot.status <> 'open' then
        perform noko_council_refuse('The ballot is closed', 'vote_while_open');
    end if;
    if ballot.secret <> secret_way then
        perform noko_council_refuse('Open and secret votes are apart', 'vote_in_its_way');
    end if;
    select mark into seen from noko_attendance
        where member_id = new.member_id
            and session_id = (select session_id from noko_agendaitem where id = ballot.item_id)
        for update;
    if seen is null or seen not in ('present', 'remote', 'poll') then
        perform noko_council_refuse('The member does not take part', 'vote_of_the_present');
    end if;
    if exists (select from noko_recusal
               where item_id = ballot.item_id and member_id = new.member_id) then
        perform noko_council_refuse('The member is recused', 'vote_not_of_the_recused');
    end if;
    if secret_way then
        return new;
    end if;
    if ballot.closes_at is not null and new.at >= ballot.closes_at then
        perform noko_council_refuse('The time of the ballot is over', 'vote_while_open');
    end if;
    if tg_op = 'UPDATE' then
        if (new.ballot_id, new.member_id) is distinct from (old.ballot_id, old.member_id) then
            perform noko_council_refuse('A vote stays with its member', 'council_kept');
        end if;
        if ballot.rule ->> 'change' = 'never' then
            perform noko_council_refuse('The rule forbids a change', 'vote_unchanged');
        end if;
    end if;
    return new;
end $$;

create trigger noko_vote_admitted before insert or update on noko_vote
    for each row execute function noko_vote_admitted();
create trigger noko_voted_admitted before insert on noko_voted
    for each row execute function noko_vote_admitted();
create trigger noko_vote_kept before delete on noko_vote
    for each row execute function noko_council_kept();
create trigger noko_voted_kept before update or delete on noko_voted
    for each row execute function noko_council_kept();

create function noko_tally_counts() returns trigger language plpgsql as $$
declare
    more integer := new.votes_for + new.votes_against + new.votes_abstained
        - old.votes_for - old.votes_against - old.votes_abstained;
begin
    if new.ballot_id <> old.ballot_id or more <> 1 or new.votes_for < old.votes_for
            or new.votes_against < old.votes_against
            or new.votes_abstained < old.votes_abstained
            or (select status from noko_ballot where id = new.ballot_id for share) <> 'open' then
        perform noko_council_refuse('A secret vote adds one while the ballot is open',
                                    'vote_while_open');
    end if;
    return new;
end $$;

create trigger noko_tally_counts before update on noko_secrettally
    for each row execute function noko_tally_counts();
create trigger noko_tally_kept before delete on noko_secrettally
    for each row execute function noko_council_kept();

create function noko_recusal_admitted() returns trigger language plpgsql as $$
declare
    item record;
begin
    select status, session_id into item from noko_agendaitem where id = new.item_id for share;
    if item.status not in ('waiting', 'discussed', 'voting', 'tied') then
        perform noko_council_refuse('The item is decided', 'recusal_before_the_end');
    end if;
    perform 1 from noko_attendance
        where session_id = item.session_id and member_id = new.member_id for update;
    if exists (select from noko_ballot b join noko_vote v on v.ballot_id = b.id
               where b.item_id = new.item_id and b.status = 'open'
                   and v.member_id = new.member_id)
            or exists (select from noko_ballot b join noko_voted v on v.ballot_id = b.id
                       where b.item_id = new.item_id and b.status = 'open'
                           and v.member_id = new.member_id) then
        perform noko_council_refuse('The member has voted', 'recusal_before_voting');
    end if;
    return new;
end $$;

create trigger noko_recusal_admitted before insert on noko_recusal
    for each row execute function noko_recusal_admitted();
create trigger noko_recusal_kept before update or delete on noko_recusal
    for each row execute function noko_council_kept();

create function noko_ballot_closed_once() returns trigger language plpgsql as $$
begin
    if old.status = 'closed' or new.item_id <> old.item_id or new.round <> old.round
            or new.secret <> old.secret or new.rule <> old.rule then
        perform noko_council_refuse('A ballot changes by being closed only', 'council_kept');
    end if;
    return new;
end $$;

create trigger noko_ballot_closed_once before update on noko_ballot
    for each row execute function noko_ballot_closed_once();
create trigger noko_ballot_kept before delete on noko_ballot
    for each row execute function noko_council_kept();

create function noko_decision_frozen() returns trigger language plpgsql as $$
begin
    if (new.council_id, new.cycle_id, new.session_id, new.item_id, new.year, new.number,
        new.adopted_on, new.title, new.text, new.annexes, new.digest)
            is distinct from
       (old.council_id, old.cycle_id, old.session_id, old.item_id, old.year, old.number,
        old.adopted_on, old.title, old.text, old.annexes, old.digest)
            or (old.status <> 'adopted'
                and (new.files, new.signed_at) is distinct from (old.files, old.signed_at))
            or (old.status, new.status) not in (('adopted', 'signed'), ('signed', 'published')) then
        perform noko_council_refuse('A decision is frozen', 'decision_frozen');
    end if;
    return new;
end $$;

create trigger noko_decision_frozen before update on noko_decision
    for each row execute function noko_decision_frozen();
create trigger noko_decision_kept before delete on noko_decision
    for each row execute function noko_council_kept();

create function noko_session_signed() returns trigger language plpgsql as $$
begin
    if old.status = 'signed'
            and (to_jsonb(new) - 'published_at') is distinct from (to_jsonb(old) - 'published_at')
    then
        perform noko_council_refuse('The minutes are signed', 'minutes_signed');
    end if;
    return new;
end $$;

create trigger noko_session_signed before update on noko_session
    for each row execute function noko_session_signed();

create function noko_of_a_signed_session() returns trigger language plpgsql as $$
declare
    changed record;
    item record;
    held text;
begin
    if tg_op = 'DELETE' then changed := old; else changed := new; end if;
    if tg_table_name = 'noko_material' then
        select session_id, status into item
            from noko_agendaitem where id = changed.item_id for share;
        if item.status not in ('waiting', 'discussed') then
            perform noko_council_refuse('The item has been voted', 'item_voted');
        end if;
        select status into held from noko_session where id = item.session_id for share;
    else
        select status into held from noko_session where id = changed.session_id for share;
    end if;
    if held = 'signed' then
        perform noko_council_refuse('The minutes are signed', 'minutes_signed');
    end if;
    return changed;
end $$;

create trigger noko_item_of_a_signed_session before insert or update or delete on noko_agendaitem
    for each row execute function noko_of_a_signed_session();
create trigger noko_attendance_of_a_signed_session before insert or update or delete
    on noko_attendance for each row execute function noko_of_a_signed_session();
create trigger noko_material_of_a_signed_session before insert or update or delete on noko_material
    for each row execute function noko_of_a_signed_session();

create function noko_item_voted() returns trigger language plpgsql as $$
begin
    if old.status not in ('waiting', 'discussed')
            and (new.title, new.kind, new.secret, new.draft_decision)
                is distinct from (old.title, old.kind, old.secret, old.draft_decision) then
        perform noko_council_refuse('The item has been voted', 'item_voted');
    end if;
    return new;
end $$;

create trigger noko_item_voted before update on noko_agendaitem
    for each row execute function noko_item_voted();
"""

BACK = """
drop function noko_council_kept cascade;
drop function noko_vote_admitted cascade;
drop function noko_tally_counts cascade;
drop function noko_recusal_admitted cascade;
drop function noko_ballot_closed_once cascade;
drop function noko_decision_frozen cascade;
drop function noko_session_signed cascade;
drop function noko_of_a_signed_session cascade;
drop function noko_item_voted cascade;
drop function noko_council_refuse cascade;
"""


class Migration(migrations.Migration):
    dependencies = [("noko", "0007_plan_reminders")]

    operations = [migrations.RunSQL(GUARD, BACK)]
