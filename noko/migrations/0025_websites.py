"""Visits of sites. The frontier of hosts is partitioned by hash, which Django does not write."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PARTITIONS = 8
FRONTIER = """
create table noko_sitehost (
    host varchar(255) primary key,
    claimed_by varchar(120) not null,
    claimed_until timestamp with time zone
) partition by hash (host);
""" + "".join(
    f"""
create table noko_sitehost_{number} partition of noko_sitehost
    for values with (modulus {PARTITIONS}, remainder {number});
"""
    for number in range(PARTITIONS)
)


class Migration(migrations.Migration):

    dependencies = [
        ('noko', '0024_list_guard'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='SiteHost',
                    fields=[
                        ('host', models.CharField(max_length=255, primary_key=True, serialize=False, verbose_name='имя')),
                        ('claimed_by', models.CharField(blank=True, max_length=120, verbose_name='у кого')),
                        ('claimed_until', models.DateTimeField(blank=True, null=True, verbose_name='до')),
                    ],
                    options={
                        'verbose_name': 'имя сайта в очереди',
                        'verbose_name_plural': 'имена сайтов в очереди',
                    },
                ),
            ],
            database_operations=[migrations.RunSQL(FRONTIER, "drop table noko_sitehost")],
        ),
        migrations.CreateModel(
            name='SiteRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='номер')),
                ('regime', models.CharField(max_length=20, verbose_name='правила')),
                ('rules_digest', models.CharField(max_length=64, verbose_name='контрольная сумма правил')),
                ('on', models.DateField(verbose_name='на день')),
                ('status', models.CharField(choices=[('open', 'идёт'), ('closed', 'закончен'), ('stopped', 'остановлен')], default='open', max_length=10, verbose_name='состояние')),
                ('opened_at', models.DateTimeField(verbose_name='начат')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='закончен')),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='site_rounds', to='noko.cycle', verbose_name='цикл')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replay_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replays', to='noko.siteround')),
            ],
            options={
                'verbose_name': 'обход сайтов',
                'verbose_name_plural': 'обходы сайтов',
                'ordering': ['-opened_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SiteVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=20, verbose_name='тип')),
                ('address', models.CharField(blank=True, max_length=500, verbose_name='адрес')),
                ('host', models.CharField(blank=True, max_length=255, verbose_name='имя сайта')),
                ('state', models.CharField(choices=[('waiting', 'ждёт'), ('done', 'закончен')], default='waiting', max_length=10, verbose_name='состояние')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='попыток')),
                ('ready_at', models.DateTimeField(verbose_name='когда обойти')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='закончен')),
                ('outcome', models.CharField(blank=True, max_length=30, verbose_name='чем кончился')),
                ('detail', models.CharField(blank=True, max_length=300, verbose_name='подробности')),
                ('archive', models.CharField(blank=True, max_length=300, verbose_name='архив')),
                ('archive_digest', models.CharField(blank=True, max_length=64, verbose_name='контрольная сумма архива')),
                ('pages', models.PositiveIntegerField(default=0, verbose_name='страниц')),
                ('found', models.PositiveSmallIntegerField(default=0, verbose_name='найдено')),
                ('absent', models.PositiveSmallIntegerField(default=0, verbose_name='отсутствует')),
                ('unchecked', models.PositiveSmallIntegerField(default=0, verbose_name='не проверено')),
                ('official', models.PositiveSmallIntegerField(default=0, verbose_name='засчитано по микроданным')),
                ('defects', models.JSONField(default=list, verbose_name='недостатки')),
                ('channels', models.JSONField(default=dict, verbose_name='способы связи')),
                ('special_version', models.BooleanField(default=False, verbose_name='версия для слабовидящих')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='site_visits', to='noko.organisation')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='noko.siteround')),
            ],
            options={
                'verbose_name': 'обход сайта',
                'verbose_name_plural': 'обходы сайта',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SiteFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, verbose_name='пункт')),
                ('status', models.CharField(max_length=20, verbose_name='вывод')),
                ('seen', models.CharField(blank=True, max_length=10, verbose_name='как найдено')),
                ('says_none', models.BooleanField(default=False, verbose_name='сказано, что нет')),
                ('official', models.BooleanField(default=False, verbose_name='засчитано по микроданным')),
                ('elsewhere', models.BooleanField(default=False, verbose_name='в другом подразделе')),
                ('reason', models.CharField(blank=True, max_length=30, verbose_name='почему не проверено')),
                ('page', models.TextField(blank=True, verbose_name='страница')),
                ('place', models.TextField(blank=True, verbose_name='место')),
                ('excerpt', models.TextField(blank=True, verbose_name='отрывок')),
                ('words', models.JSONField(default=dict, verbose_name='словами')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='noko.sitevisit')),
            ],
            options={
                'verbose_name': 'вывод о сайте',
                'verbose_name_plural': 'выводы о сайте',
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='siteround',
            constraint=models.UniqueConstraint(fields=('cycle', 'number'), name='site_round_number_once'),
        ),
        migrations.AddConstraint(
            model_name='siteround',
            constraint=models.UniqueConstraint(condition=models.Q(('replay_of__isnull', True), ('status', 'open')), fields=('cycle',), name='site_round_open_once'),
        ),
        migrations.AddConstraint(
            model_name='siteround',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='site_round_closed_has_its_time'),
        ),
        migrations.AddIndex(
            model_name='sitevisit',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['host', 'ready_at'], name='site_visits_waiting'),
        ),
        migrations.AddIndex(
            model_name='sitevisit',
            index=models.Index(fields=['organisation', '-finished_at'], name='site_visits_of'),
        ),
        migrations.AddConstraint(
            model_name='sitevisit',
            constraint=models.UniqueConstraint(fields=('round', 'organisation'), name='site_visit_once_in_round'),
        ),
        migrations.AddIndex(
            model_name='sitefinding',
            index=models.Index(fields=['code', 'status'], name='site_findings_by_code'),
        ),
        migrations.AddConstraint(
            model_name='sitefinding',
            constraint=models.UniqueConstraint(fields=('visit', 'code'), name='site_finding_once'),
        ),
    ]
