"""Protections taken out one by one: for each, the test that docs/live-security.md names for its requirement must fail.

    python -m bench.security_mutants --kept build/security-mutants.jsonl --seconds 480 --write

Each change is made in a copy of the checkout, in which the named test has to fail, and to pass when the change is undone. What came of it is kept under a hash of the changed file and of its
tests, so that a run goes on where it stopped; `--write` makes docs/generated/live-mutants.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.tables import machine, written

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "coregulation"
FOLDERS = ("src", "tests", "bench", "examples", "docs", "tools")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One protection taken out.

    Parameters
    ----------
    requirement
        As docs/live-security.md numbers it.
    without
        What is taken out.
    file
        Below src/coregulation.
    before, after
        The text that is changed, which stands there once, and what it becomes.
    test
        Below tests; it must fail.
    """

    requirement: str
    without: str
    file: str
    before: str
    after: str
    test: str


A, E, S, P, W = (
    f"live/server/test_{name}.py::test_" for name in ("application", "entry", "serving", "protocol", "worker")
)
B, R, K, D = (
    "live/test_bad_input.py::test_",
    "live/room/test_",
    "store/test_session_keys.py::test_",
    "live/server/test_device_routes.py::test_",
)
L = "live/pages/test_pages.py::test_"
Y = "live/test_prying.py::test_"
ACCESS, KEYS, SERVING = "live/room/access.py", "store/session_keys.py", "live/server/serving.py"
MIDDLEWARE, COOKIE, CERTIFICATES = (
    "live/server/middleware.py",
    "live/server/room_routes.py",
    "live/server/certificates.py",
)

MUTANTS = (
    Mutant("2.2.1", "the count of wrong tries", ACCESS, "if not bucket.take(self._clock()):", "if False:", A + "guessing_is_slowed_and_locks_nobody_out"),
    Mutant("2.3.1", "the length of codes", ACCESS, "CODE_LETTERS = 12", "CODE_LETTERS = 6", R + "permissions.py::test_an_invitation_holds_once_and_for_ten_minutes"),
    Mutant("2.7.2", "the end of an invitation", ACCESS, "if invitation is None or invitation.until <= self._clock():", "if invitation is None:", E + "an_address_that_nobody_opened_and_an_invitation_hold_ten_minutes"),
    Mutant("2.7.2", "the end of a start's address", ACCESS, "return self._clock() - self._token_made <= EXPIRES", "return True", E + "an_address_that_nobody_opened_and_an_invitation_hold_ten_minutes"),
    Mutant("2.7.3", "the one use of an invitation", ACCESS, "invitation = self._invitations.pop(_hash(code.strip().lower()), None)", "invitation = self._invitations.get(_hash(code.strip().lower()))", B + "an_invitation_used_twice_at_once_lets_one_in"),
    Mutant("2.7.3", "the one use of a start's address elsewhere", ACCESS, "return local and self._clock() - self._token_used <= TOKEN_AGAIN", "return self._clock() - self._token_used <= TOKEN_AGAIN", E + "a_used_address_works_again_shortly_and_here_alone"),
    Mutant("2.7.4", "the mode of the page that leads in", SERVING, "os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600", "os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644", S + "the_page_that_leads_in_belongs_to_its_owner"),
    Mutant("2.7.5", "the hash of cookies", ACCESS, "return hashlib.sha256(cookie.encode()).hexdigest()", "return cookie", E + "neither_a_token_nor_a_code_nor_a_cookie_is_remembered_as_it_is"),
    Mutant("3.1.1", "the fragment around the token", SERVING, "/#token=", "/?token=", S + "serving_says_where_and_opens_the_browser_there"),
    Mutant("3.2.1", "the end of the old cookie", ACCESS, "        self._end(_hash(cookie))\n        return fresh", "        return fresh", E + "a_browser_has_to_come_in_again_after_half_a_day_and_stays_what_it_was"),
    Mutant("3.2.3", "HttpOnly", COOKIE, "        httponly=True,\n", "", A + "the_token_of_the_start_holds_once"),
    Mutant("3.4.3", "SameSite", COOKIE, '        samesite="strict",\n', "", A + "the_token_of_the_start_holds_once"),
    Mutant("3.4.1", "Secure", COOKIE, "        secure=registry.secure,\n", "", E + "a_cookie_is_sent_with_tls_alone_and_to_this_host_alone"),
    Mutant("3.4.4", "the prefix __Host-", "live/server/requests.py", '"__Host-" if registry.secure else ""', '""', E + "a_cookie_is_sent_with_tls_alone_and_to_this_host_alone"),
    Mutant("3.3.1", "the end of the cookie at log-out", "live/server/device_routes.py", "    registry.end_device(device_of(registry, request).id)\n", "", D + "who_goes_out_is_out_at_once_also_of_the_room"),
    Mutant("3.3.2", "coming in again after half a day", ACCESS, "known is None or self._wall() - known.entered > STAYS", "known is None", E + "a_browser_has_to_come_in_again_after_half_a_day_and_stays_what_it_was"),
    Mutant("3.3.2", "the end of a cookie after 180 days", ACCESS, "now - known.used > IDLE or now - known.since > LONGEST", "now - known.used > IDLE", D + "a_cookie_ends_in_any_case"),
    Mutant("3.3.4", "closing what an ended browser has open", "live/server/room_registry.py", "if connection.device == device:", "if False:", D + "who_goes_out_is_out_at_once_also_of_the_room"),
    Mutant("3.7.1", "the audience of a request", "live/server/route_table.py", "        check_audience(self.audience, request)\n", "", "live/server/test_route_table.py::test_a_rule_is_checked_before_its_handler_runs"),
    Mutant("4.1.3", "that a partner needs a consent for answers", "live/room/policy.py", "Relation.PARTNER: PARTNER_SEES, Relation.FACILITATOR: GUIDE_SEES, Relation.KEEPER: KEPT", "Relation.PARTNER: FREE, Relation.FACILITATOR: GUIDE_SEES, Relation.KEEPER: KEPT", R + "policy.py::test_a_report_is_of_those_whose_consents_cover_its_reader"),
    Mutant("4.1.3", "that who came with a device is not of the screen when it is gone", "live/server/session_directory.py", '        elsewhere |= set(session.setup.get("apart", ()))\n', "", Y + "who_came_with_a_device_is_no_more_of_the_screen_when_that_device_is_gone"),
    Mutant("4.2.1", "the rights to a recording that beats again", "live/server/room_routes.py", "        _check_replay(registry, device_of(registry, request), replay)\n", "        pass\n", Y + "hearts_of_others_beat_again_for_nobody_who_may_not_have_their_recording"),
    Mutant("4.1.5", "that an invitation alone gives nothing", "live/room/policy.py", 'return Relation.VIEWER if self.role == "viewer" else Relation.NONE', "return Relation.VIEWER", R + "policy.py::test_who_only_holds_an_invitation_may_nothing"),
    Mutant("4.2.2", "the check of the host", MIDDLEWARE, 'if headers.get("host") not in self._hosts:', "if False:", A + "another_host_or_origin_is_refused"),
    Mutant("4.2.2", "the check of the origin", MIDDLEWARE, 'if changes and headers.get("origin") not in self._origins:', "if False:", A + "another_host_or_origin_is_refused"),
    Mutant("4.3.2", "the list of pages", "live/server/application.py", "path = pages().get(name)", 'path = pages()["index.html"].parent / name', A + "nothing_outside_the_pages_folder_is_served"),
    Mutant("5.1.1", "that unknown keys are refused", "live/room/vocabulary.py", "class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):", "class Message(msgspec.Struct, frozen=True):", R + "wire.py::test_a_key_that_is_not_known_is_refused"),
    Mutant("5.3.1", "the letters of names", "live/room/vocabulary.py", r'NAME = r"\A(?:[A-Za-z0-9_-]|', r'NAME = r"\A(?:[A-Za-z0-9_<>\n-]|', A + "names_with_what_is_no_letter_are_refused"),
    Mutant("5.3.8", "the check of names in zips", "live/server/archives.py", 'if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:', "if False:", "live/server/test_archives.py::test_a_name_that_leads_out_is_refused"),
    Mutant("5.3.9", "the check of a manifest's paths", "io/limits.py", "if not inside and not allow_outside:", "if False:", "io/test_limits.py::test_a_file_outside_the_folder_is_read_only_if_the_caller_says_so"),
    Mutant("5.3.9", "the check of the paths in what is brought in", "live/server/session_import.py", "    for text in texts:", "    for text in ():", W + "a_session_that_is_brought_in_reads_nothing_outside_its_folder"),
    Mutant("5.3.10", "the apostrophe before formulas", "report/plain_text.py", "return f\"'{text}\" if", 'return f"{text}" if', "report/test_plain_text.py::test_no_cell_begins_as_a_formula_and_none_holds_a_control_character"),
    Mutant("6.1.1", "what binds a piece to its person", KEYS, 'return "\\0".join(owner).encode()', 'return b""', B + "a_sealed_piece_that_was_changed_or_moved_is_refused"),
    Mutant("6.2.6", "the new nonce of each piece", KEYS, "        nonce = secrets.token_bytes(NONCE_BYTES)\n        return SEALED + nonce + AESGCM(key)", "        nonce = bytes(NONCE_BYTES)\n        return SEALED + nonce + AESGCM(key)", B + "no_nonce_is_used_twice"),
    Mutant("6.4.1", "the wrapping of keys", KEYS, "        if self._passphrase is None:\n            return None", "        if True:\n            return None", K + "keys_of_an_encrypted_store_are_wrapped_by_its_passphrase"),
    Mutant("7.1.1", "the alias of people in the list of events", "store/store_file.py", "who = None if person is None or session is None else self.alias(session, person)", "who = person", "store/test_store.py::test_events_are_chained_and_name_nobody"),
    Mutant("7.3.1", "the chain of the list of events", "store/event_chain.py", "        if before != chain:", "        if False:", "store/test_store.py::test_events_are_chained_and_name_nobody"),
    Mutant("7.4.1", "that an error's text is not written", "live/server/worker.py", 'return f"{type(error).__name__} at', 'return f"{error} {type(error).__name__} at', W + "a_crash_writes_where_it_was_and_nothing_of_what_it_was_about"),
    Mutant("8.1.1", "no-store", MIDDLEWARE, '                    "cache-control": "no-store",\n', "", A + "refusals_carry_the_same_headers"),
    Mutant("8.1.2", "removing what a killed program left", "store/scratch.py", "        self._encrypted = encrypted\n        self.remove()\n", "        self._encrypted = encrypted\n", "live/test_promises.py::test_what_a_killed_program_left_in_its_folders_is_gone_at_the_next_start"),
    Mutant("8.1.4", "the pause between two reports", "live/server/room_registry.py", "if self.steady() - self._reported_at.get(key, -math.inf) < REPORT_AGAIN:", "if False:", W + "a_report_that_fails_is_told_on_the_screen_and_may_be_made_again"),
    Mutant("8.2.2", "forgetting keys at the end of a session", "live/static/lib/link.js", "if (message.type === 'room' && message.phase === 'ended') forgetKeys(this.room);", "", L + "a_session_that_is_over_leaves_no_key_and_no_sample_in_the_browser"),
    Mutant("8.2.2", "forgetting samples after a session", "live/static/lib/link.js", "    this.outbox.forget();\n", "", L + "a_session_that_is_over_leaves_no_key_and_no_sample_in_the_browser"),
    Mutant("8.2.3", "that another tab lets go what is forgotten", "live/static/lib/outbox.js", "      this.#base.close();\n", "", L + "after_a_log_out_a_browser_holds_nothing"),
    Mutant("8.2.3", "forgetting at log-out", "live/static/views/settings.js", "sessionStorage.clear(); return forgetAll();", "", L + "after_a_log_out_a_browser_holds_nothing"),
    Mutant("8.3.2", "forgetting an erased person's seats", "live/server/room_registry.py", "        self.access.forget(name, person)\n", "", "live/test_promises.py::test_an_erased_person_is_in_nobodys_device"),
    Mutant("8.3.2", "that a report on its way of who was erased is not kept", "live/server/session_directory.py", "            self.rights(device, kept).people_for(Right.ANSWERS) == people for", "            True for", Y + "a_report_that_is_on_its_way_when_somebody_is_erased_is_not_kept"),
    Mutant("8.3.6", "the limit of core files", SERVING, "        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))", "        pass", E + "a_crash_writes_no_memory_to_a_file"),
    Mutant("8.3.6", "taking a key off the disk", KEYS, "            kept = {owner for owner in self._kept if owners.get(owner, True)}", "            kept = set(self._kept)", K + "taking_keep_back_takes_the_key_off_the_disk"),
    Mutant("8.3.8", "erasing at the stop", "live/server/room_registry.py", "                await self._end(room)\n", "                pass\n", "live/test_promises.py::test_a_stop_with_the_report_on_the_screen_erases_what_was_not_to_be_kept"),
    Mutant("8.3.8", "erasing when nobody comes back", "live/server/room_registry.py", "            self.access.end_room(name)\n            await self._erase_unkept(name)\n\n    def bring_keys", "            self.access.end_room(name)\n\n    def bring_keys", "live/test_promises.py::test_if_nobody_comes_back_it_is_erased"),
    Mutant("9.1.1", "that TLS is needed beyond this computer", SERVING, "if away and not how.tls:", "if False:", S + "beyond_this_computer_only_with_tls"),
    Mutant("9.2.1", "the constraints of the authority", CERTIFICATES, "    builder = builder.add_extension(x509.NameConstraints(_permitted(host), None), critical=True)\n", "", S + "an_authority_signs_for_private_networks_alone_and_is_renewed"),
    Mutant("10.2.2", "the permissions of pages", MIDDLEWARE, '    "permissions-policy": "bluetooth=(self), camera=(self), screen-wake-lock=(self), microphone=(), geolocation=()",\n', "", A + "every_answer_carries_headers_that_let_nothing_else_in"),
    Mutant("11.1.4", "connections of one address", "live/server/protocol.py", "        if len(mine) >= self._per_address or sum(map(len, self._open.values())) >= self._most:\n            return False", "        if False:\n            return False", P + "one_address_has_a_bound_and_all_have_one"),
    Mutant("11.1.4", "the time of a request's head", "live/server/protocol.py", "        self._late = self.loop.call_later(self.head_within, self._too_late)", "        self._late = None", P + "a_request_whose_head_never_ends_is_broken_off"),
    Mutant("11.1.4", "the time of a request's body", "live/server/requests.py", "async with asyncio.timeout(BODY_WITHIN + most / SLOWEST):", "async with asyncio.timeout(None):", P + "a_body_that_never_ends_is_refused_and_a_quick_one_is_taken"),
    Mutant("12.1.1", "the size of a zip", "live/server/archives.py", "if len(entries) > FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:", "if len(entries) > FILES:", B + "a_zip_with_too_much_in_it_is_refused"),
    Mutant("12.2.1", "that answers are attachments", "live/server/requests.py", "'attachment; filename=\"api.json\"'", '"inline"', E + "no_browser_shows_an_answer_as_a_page"),
    Mutant("14.4.4", "nosniff", MIDDLEWARE, '    "x-content-type-options": "nosniff",\n', "", A + "refusals_carry_the_same_headers"),
    Mutant("14.3.3", "that no header says the program", SERVING, "        server_header=False,\n", "", S + "a_server_is_made_with_everything_set_outright"),
    Mutant("14.4.3", "the policy of contents", MIDDLEWARE, '                    "content-security-policy": self._policy,\n', "", A + "refusals_carry_the_same_headers"),
    Mutant("14.4.5", "HSTS", MIDDLEWARE, "if secure else {}", "if False else {}", E + "with_tls_a_browser_does_not_come_back_without_it"),
    Mutant("14.5.3", "that no header of a proxy is believed", SERVING, "        proxy_headers=False,\n", "", A + "who_claims_to_be_forwarded_is_slowed_all_the_same"),
)  # fmt: skip


def key(mutant: Mutant) -> str:
    """Return a hash of what decides about a mutant."""
    parts = [mutant.before, mutant.after, mutant.test]
    files = [SOURCE / mutant.file, ROOT / "tests" / mutant.test.partition("::")[0]]
    return hashlib.sha256("\0".join([*parts, *(file.read_text("utf-8") for file in files)]).encode()).hexdigest()[:16]


def tried(copy: Path, mutant: Mutant) -> str:
    """Make the change in a copy, run its test, and undo it: killed, survived, or what else came of it."""
    path = copy / "src" / "coregulation" / mutant.file
    text = path.read_text("utf-8")
    if text.count(mutant.before) != 1:
        return f"the text stands there {text.count(mutant.before)} times"
    path.write_text(text.replace(mutant.before, mutant.after), "utf-8")
    try:
        outcome = tested(copy, mutant.test)
    finally:
        path.write_text(text, "utf-8")
    if outcome == "killed" and tested(copy, mutant.test) != "survived":
        return "fails without the change as well"  # such as on a machine with much other work
    return outcome


def tested(copy: Path, test: str) -> str:
    """Run a test in a copy."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not nightly", f"tests/{test}"]
    environment = {**os.environ, "PYTHONPATH": str(copy / "src")}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=600, check=False
        )
    except subprocess.TimeoutExpired:
        return "killed"
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return {0: "survived", 1: "killed"}.get(done.returncode, f"pytest ended with {done.returncode}: {failed}")


def run(kept: Path, seconds: float, only: Sequence[str] = ()) -> None:
    """Try what was not tried yet, of all or of some requirements, until the time is over."""
    end, before = time.monotonic() + seconds, outcomes(kept)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        copy.mkdir()
        for name in FOLDERS:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for file in filter(Path.is_file, ROOT.glob("*.*")):
            shutil.copy(file, copy / file.name)
        for mutant in MUTANTS:
            if time.monotonic() > end:
                return
            wanted = not only or mutant.requirement in only
            if wanted and before.get(key(mutant)) not in ("killed", "survived"):
                _keep(kept, key(mutant), f"{mutant.requirement} {mutant.without}", tried(copy, mutant))


def _keep(kept: Path, name: str, what: str, outcome: str) -> None:
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"key": name, "what": what, "outcome": outcome}) + "\n")
    sys.stdout.write(f"{what}: {outcome}\n")
    sys.stdout.flush()


def outcomes(kept: Path) -> dict[str, str]:
    """Return what is kept, by key."""
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    return {line["key"]: line["outcome"] for line in map(json.loads, lines)}


def table(kept: Path) -> Iterator[str]:
    """Yield the lines of the table."""
    known = outcomes(kept)
    yield "| requirement | taken out | its test |"
    yield "|---|---|---|"
    for mutant in MUTANTS:
        outcome = known.get(key(mutant), "not tried")
        yield f"| {mutant.requirement} | {mutant.without} | {'fails' if outcome == 'killed' else outcome} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("requirements", nargs="*", metavar="REQUIREMENT", help="only these, such as 14.4.4")
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    run(args.kept, args.seconds, args.requirements)
    if args.write:
        written("live-mutants", "python -m bench.security_mutants --kept FILE --write", table(args.kept), machine())


if __name__ == "__main__":
    main()
