"""The sums of a secret ballot begin with nothing: votes alone fill them."""

from django.db import migrations

GUARD = """
create function noko_tally_empty() returns trigger language plpgsql as $$
begin
    if new.votes_for + new.votes_against + new.votes_abstained <> 0 then
        perform noko_council_refuse('A secret ballot begins with no votes', 'council_kept');
    end if;
    return new;
end $$;

create trigger noko_tally_empty before insert on noko_secrettally
    for each row execute function noko_tally_empty();
"""

BACK = "drop function noko_tally_empty cascade;"


class Migration(migrations.Migration):
    dependencies = [("noko", "0019_wave_closing")]

    operations = [migrations.RunSQL(GUARD, BACK)]
