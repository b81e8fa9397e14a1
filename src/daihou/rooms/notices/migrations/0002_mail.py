from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='mailed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='wish',
            name='mail',
            field=models.CharField(default='none', max_length=10, verbose_name='mail'),
        ),
        migrations.AddField(
            model_name='wish',
            name='mail_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='wish',
            name='mail_problem',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='wish',
            name='mailed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name='wish',
            constraint=models.CheckConstraint(
                condition=models.Q(('mail', 'none'))
                | models.Q(('mail__in', ['each', 'daily']), ('mail_since__isnull', False)),
                name='wish_mail',
            ),
        ),
    ]
