"""What the council considers does not change under its hands, and what is approved never does.

Rows of a list change only while it is a draft. Whoever changes them locks the list itself, and so
does whoever moves it on, so the two never pass each other.
"""

from django.db import migrations

GUARD = """
create function noko_list_kept() returns trigger language plpgsql as $$
begin
    if old.status = 'approved' then
        raise exception 'An approved list is never changed'
            using errcode = 'check_violation', constraint = 'list_kept';
    end if;
    if tg_op = 'DELETE' then
        if old.status <> 'draft' then
            raise exception 'A list that is considered is not deleted'
                using errcode = 'check_violation', constraint = 'list_kept';
        end if;
        return old;
    end if;
    return new;
end $$;

create function noko_list_entries_kept() returns trigger language plpgsql as $$
declare
    touched bigint;
    state text;
begin
    if tg_op = 'DELETE' then
        touched := old.list_id;
    else
        touched := new.list_id;
    end if;
    select status into state from noko_organisationlist where id = touched for share;
    if state is not null and state <> 'draft' then
        raise exception 'Rows of a list change only in a draft'
            using errcode = 'check_violation', constraint = 'list_kept';
    end if;
    if tg_op = 'UPDATE' and new.list_id <> old.list_id then
        raise exception 'A row stays in its list'
            using errcode = 'check_violation', constraint = 'list_kept';
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end $$;

create trigger noko_list_kept before update or delete on noko_organisationlist
    for each row execute function noko_list_kept();
create trigger noko_list_entries_kept before insert or update or delete on noko_listentry
    for each row execute function noko_list_entries_kept();
"""

BACK = """
drop function noko_list_kept cascade;
drop function noko_list_entries_kept cascade;
"""


class Migration(migrations.Migration):
    dependencies = [("noko", "0023_lists")]

    operations = [migrations.RunSQL(GUARD, BACK)]
