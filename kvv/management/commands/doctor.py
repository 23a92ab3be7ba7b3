"""`manage.py doctor`: what is wrong with this installation, and how to mend it."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from kvv.doctor.examine import examine_all
from kvv.doctor.finding import Finding, Level


class Command(BaseCommand):
    """Ends with 0 when nothing is wrong (warnings are not), with 1 otherwise."""

    help = "Examines database, broker, workers, mailboxes, mail servers, storage, settings and queues."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For people, or for programs."""
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding as soon as it is there, or all at the end as JSON."""
        found: list[Finding] = []
        for finding in examine_all():
            found.append(finding)
            if not options["json"]:
                self.stdout.write(f"{finding.level:<7} {finding.name}: {finding.text}")
        counts = Counter(finding.level for finding in found)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(f"{counts[Level.WRONG]} wrong, {counts[Level.WARNING]} warnings.")
        if counts[Level.WRONG]:
            sys.exit(1)


def _as_json(found: list[Finding]) -> dict[str, Any]:
    return {
        "ok": all(finding.level != Level.WRONG for finding in found),
        "findings": [
            {"level": str(finding.level), "name": finding.name, "text": finding.text} for finding in found
        ],
    }
