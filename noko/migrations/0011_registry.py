import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def successions_from_predecessors(apps, schema_editor):
    """One predecessor that stood in a column becomes a reorganisation of an unknown form."""
    organisations = apps.get_model('noko', 'Organisation')
    reorganisations = apps.get_model('noko', 'Reorganisation')
    for successor in organisations.objects.filter(predecessor__isnull=False):
        event = reorganisations.objects.create(kind='unknown')
        event.links.create(predecessor_id=successor.predecessor_id, successor=successor)


def predecessors_from_successions(apps, schema_editor):
    """The column holds one predecessor: the latest."""
    for link in apps.get_model('noko', 'Succession').objects.order_by('id'):
        apps.get_model('noko', 'Organisation').objects.filter(pk=link.successor_id).update(
            predecessor_id=link.predecessor_id
        )


class Migration(migrations.Migration):

    dependencies = [
        ('noko', '0010_invitations'),
    ]

    operations = [
        migrations.CreateModel(
            name='Distinction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noted_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'разные организации',
                'verbose_name_plural': 'разные организации',
            },
        ),
        migrations.CreateModel(
            name='Reorganisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('merger', 'слияние'), ('accession', 'присоединение'), ('division', 'разделение'), ('separation', 'выделение'), ('transformation', 'преобразование'), ('unknown', 'форма не указана')], max_length=20, verbose_name='форма')),
                ('on', models.DateField(blank=True, null=True, verbose_name='дата')),
                ('act', models.CharField(blank=True, max_length=500, verbose_name='акт')),
                ('noted_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='почему отменена')),
            ],
            options={
                'verbose_name': 'реорганизация',
                'verbose_name_plural': 'реорганизации',
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'правопреемство',
                'verbose_name_plural': 'правопреемства',
                'ordering': ['id'],
            },
        ),
        migrations.AlterModelOptions(
            name='organisation',
            options={'default_manager_name': 'objects', 'ordering': ['sort_key', 'id'], 'verbose_name': 'организация', 'verbose_name_plural': 'организации'},
        ),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_once_in_municipality',
        ),
        migrations.AddField(
            model_name='organisation',
            name='closed_on',
            field=models.DateField(blank=True, null=True, verbose_name='дата прекращения'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='email',
            field=models.CharField(blank=True, max_length=254, verbose_name='электронная почта'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='merged_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='organisation',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='noko.organisation', verbose_name='объединена с записью'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='opened_on',
            field=models.DateField(blank=True, null=True, verbose_name='дата создания'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='phone',
            field=models.CharField(blank=True, max_length=100, verbose_name='телефон'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='reg_number',
            field=models.CharField(blank=True, max_length=20, verbose_name='номер в сводном реестре'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='inn',
            field=models.CharField(blank=True, max_length=12, null=True, verbose_name='ИНН'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='ogrn',
            field=models.CharField(blank=True, max_length=15, null=True, verbose_name='ОГРН'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('merged_into__isnull', True)), fields=('municipality', 'name_key'), name='organisation_once_in_municipality'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('merged_into__isnull', True)), fields=('inn',), name='organisation_inn_once'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('merged_into__isnull', True)), fields=('ogrn',), name='organisation_ogrn_once'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='organisation_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('opened_on__isnull', True), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='organisation_closed_after_opened'),
        ),
        migrations.AddField(
            model_name='distinction',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='noko.organisation'),
        ),
        migrations.AddField(
            model_name='distinction',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='distinction',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='noko.organisation'),
        ),
        migrations.AddField(
            model_name='reorganisation',
            name='cancelled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reorganisation',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='succession',
            name='predecessor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='noko.organisation'),
        ),
        migrations.AddField(
            model_name='succession',
            name='reorganisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='noko.reorganisation'),
        ),
        migrations.AddField(
            model_name='succession',
            name='successor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follows', to='noko.organisation'),
        ),
        migrations.AddConstraint(
            model_name='distinction',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='distinction_once'),
        ),
        migrations.AddConstraint(
            model_name='distinction',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='distinction_in_order'),
        ),
        migrations.AddConstraint(
            model_name='reorganisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'unknown'), models.Q(('on__isnull', False), models.Q(('act', ''), _negated=True)), _connector='OR'), name='reorganisation_has_day_and_act'),
        ),
        migrations.AddConstraint(
            model_name='reorganisation',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at__isnull', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='reorganisation_cancelled_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.UniqueConstraint(fields=('reorganisation', 'predecessor', 'successor'), name='succession_once'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='succession_of_two'),
        ),
        migrations.RunPython(successions_from_predecessors, predecessors_from_successions),
        migrations.RunSQL('set constraints all immediate', migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_not_its_own_predecessor',
        ),
        migrations.RemoveField(
            model_name='organisation',
            name='predecessor',
        ),
    ]
