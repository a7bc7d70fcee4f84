"""The database guards the journal: rows are only added, and every entry is sealed at commit.

The seal is written by a deferred trigger: the lock that puts seals in one line is held only while
a transaction commits, so deeds do not wait for each other and cannot lock each other up. What the
seal is made of is said by ``noko.core.journal.seal_digest``.
"""

from django.db import migrations

GUARD = """
create function noko_journal_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'The journal is never changed: % of % is refused', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end $$;

create function noko_journal_seal() returns trigger language plpgsql as $$
declare
    last_number bigint;
    last_digest text;
begin
    perform pg_advisory_xact_lock(hashtext('noko_journal'));
    select number, digest into last_number, last_digest
        from noko_journalseal order by number desc limit 1;
    last_number := coalesce(last_number, 0);
    last_digest := coalesce(last_digest, repeat('0', 64));
    insert into noko_journalseal (number, entry_id, previous, digest) values (
        last_number + 1,
        new.id,
        last_digest,
        encode(sha256(convert_to(concat_ws(E'\\n', last_digest, last_number + 1, new.id,
                                           new.content_digest), 'UTF8')), 'hex')
    );
    return null;
end $$;

create constraint trigger noko_journal_sealed after insert on noko_journalentry
    deferrable initially deferred for each row execute function noko_journal_seal();
create trigger noko_journal_kept before update or delete on noko_journalentry
    for each row execute function noko_journal_refuse();
create trigger noko_journal_kept before update or delete on noko_journalseal
    for each row execute function noko_journal_refuse();
create trigger noko_journal_whole before truncate on noko_journalentry
    for each statement execute function noko_journal_refuse();
create trigger noko_journal_whole before truncate on noko_journalseal
    for each statement execute function noko_journal_refuse();

revoke update, delete, truncate on noko_journalentry, noko_journalseal from public, current_user;
"""

BACK = """
drop function noko_journal_refuse cascade;
drop function noko_journal_seal cascade;
grant update, delete, truncate on noko_journalentry, noko_journalseal to current_user;
"""


class Migration(migrations.Migration):
    dependencies = [("noko", "0002_journal_and_scopes")]

    operations = [migrations.RunSQL(GUARD, BACK)]
