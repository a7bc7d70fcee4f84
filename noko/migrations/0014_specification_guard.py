"""What the council has adopted does not change: neither the specification nor its clauses and
proposals. Another text is another version."""

from django.db import migrations

GUARD = """
create function noko_specification_kept() returns trigger language plpgsql as $$
declare
    touched bigint;
begin
    if tg_table_name = 'noko_specification' then
        if old.status = 'adopted' then
            raise exception 'An adopted specification is never changed'
                using errcode = 'check_violation', constraint = 'specification_kept';
        end if;
    else
        if tg_op = 'INSERT' then
            touched := new.specification_id;
        else
            touched := old.specification_id;
        end if;
        if exists (select from noko_specification where id = touched and status = 'adopted') then
            raise exception 'An adopted specification is never changed'
                using errcode = 'check_violation', constraint = 'specification_kept';
        end if;
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end $$;

create trigger noko_specification_kept before update or delete on noko_specification
    for each row execute function noko_specification_kept();
create trigger noko_specification_kept before insert or update or delete on noko_clause
    for each row execute function noko_specification_kept();
create trigger noko_specification_kept before insert or update or delete on noko_clauseproposal
    for each row execute function noko_specification_kept();
"""

BACK = "drop function noko_specification_kept cascade;"


class Migration(migrations.Migration):
    dependencies = [("noko", "0013_specification")]

    operations = [migrations.RunSQL(GUARD, BACK)]
