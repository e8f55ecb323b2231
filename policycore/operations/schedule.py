"""Write units for schedulers: systemd, cron, Kubernetes, the Task Scheduler of Windows; pure text."""

from __future__ import annotations

import io
import shlex
import subprocess
from dataclasses import dataclass
from html import escape

__all__ = ["Job", "cron_line", "kubernetes_cron_job", "systemd_units", "windows_task"]

# Findings are a result; a job fails when there is none. The shell hands SIGTERM on, or a pod would be killed
# in the middle of a run instead of ending it.
_WRAPPER = (
    'trap \'kill -TERM "$child"\' TERM; policycore "$@" & child=$!; '
    'wait "$child"; code=$?; [ "$code" -gt 128 ] && wait "$child"; [ "$code" -le 1 ]'
)


@dataclass(frozen=True, slots=True)
class Job:
    """What runs when: `arguments` follow the program, `folder` holds the workspace."""

    name: str
    program: str
    folder: str
    arguments: tuple[str, ...]
    hour: int
    minute: int
    weekdays: tuple[int, ...] = ()
    """0 is Sunday; none means every day."""
    timezone: str = "Asia/Shanghai"
    seconds: int = 3600
    """After how long a run is stopped from outside."""


_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


def systemd_units(job: Job) -> dict[str, str]:
    """Return a service and its timer by file name."""
    command = " ".join(_systemd_word(word) for word in (job.program, *job.arguments))
    days = ",".join(_DAYS[day] for day in job.weekdays)
    service = f"""\
[Unit]
Description=policycore: {job.name}
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
WorkingDirectory={job.folder.replace("%", "%%")}
ExecStart={command}
# 1 says that there are findings: a result, not a failure of the job.
SuccessExitStatus=1
TimeoutStartSec={job.seconds}
# SIGTERM ends a run cleanly: nothing half done is kept.
KillSignal=SIGTERM
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=full
UMask=0027
"""
    timer = f"""\
[Unit]
Description=policycore: {job.name}

[Timer]
OnCalendar={days + " " if days else ""}*-*-* {job.hour:02d}:{job.minute:02d}:00 {job.timezone}
# A run that was due while the machine was off is made up for.
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {f"{job.name}.service": service, f"{job.name}.timer": timer}


def _systemd_word(word: str) -> str:
    """Return one word of a command line as systemd reads it back."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    plain = escaped == word and word and all(char.isalnum() or char in "@+=:,./_-" for char in word)
    return word if plain else f'"{escaped}"'


def cron_line(job: Job) -> str:
    """Return the lines of a crontab; the time is in the zone that CRON_TZ names."""
    words = " ".join(shlex.quote(word) for word in (job.program, *job.arguments))
    days = ",".join(str(day) for day in job.weekdays) or "*"
    # A percent sign ends the command in a crontab unless it is escaped.
    command = f"cd {shlex.quote(job.folder)} && {words}".replace("%", "\\%")
    note = "# CRON_TZ is cronie's; where cron does not know it, the time is the machine's own."
    return f"{note}\nCRON_TZ={job.timezone}\n{job.minute} {job.hour} * * {days} {command}\n"


def windows_task(job: Job) -> str:
    """Return a task for ``schtasks /Create /XML``; the time is the machine's own, one run at a time.

    It names no encoding: both UTF-8 and what PowerShell makes of it are read.
    """
    names = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    days = "".join(f"<{names[day]} />" for day in job.weekdays)
    weekly = f"<ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek>{days}</DaysOfWeek></ScheduleByWeek>"
    when = weekly if days else "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
    return f"""\
<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>policycore: {escape(job.name)}</Description></RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2024-01-01T{job.hour:02d}:{job.minute:02d}:00</StartBoundary>
      <Enabled>true</Enabled>
      {when}
    </CalendarTrigger>
  </Triggers>
  <Principals><Principal id="Author"><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT{job.seconds}S</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(job.program)}</Command>
      <Arguments>{escape(subprocess.list2cmdline(job.arguments))}</Arguments>
      <WorkingDirectory>{escape(job.folder)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def kubernetes_cron_job(job: Job, *, image: str, claim: str) -> str:
    """Return a CronJob whose workspace lies on the volume claim `claim`."""
    from ruamel.yaml import YAML

    days = ",".join(str(day) for day in job.weekdays) or "*"
    container = {
        "name": "check",
        "image": image,
        "workingDir": job.folder,
        "command": ["/bin/sh", "-c", _WRAPPER, "policycore"],
        "args": list(job.arguments),
        "env": [{"name": "TMPDIR", "value": "/scratch"}],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "workspace", "mountPath": job.folder},
            {"name": "scratch", "mountPath": "/scratch"},
        ],
    }
    pod = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "fsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [
            {"name": "workspace", "persistentVolumeClaim": {"claimName": claim}},
            {"name": "scratch", "emptyDir": {}},
        ],
    }
    document = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": job.name, "labels": {"app.kubernetes.io/name": "policycore"}},
        "spec": {
            "schedule": f"{job.minute} {job.hour} * * {days}",
            "timeZone": job.timezone,
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": 3600,
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {
                "spec": {"backoffLimit": 0, "activeDeadlineSeconds": job.seconds, "template": {"spec": pod}}
            },
        },
    }
    writer = YAML(typ="rt")
    writer.width = 4096
    stream = io.StringIO()
    writer.dump(document, stream)
    return stream.getvalue()
