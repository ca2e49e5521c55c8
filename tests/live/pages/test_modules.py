"""The modules of the pages one by one, in a real browser, against closed forms and slow readable oracles."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.live.pages.film import filmed

PACE = {"phase0": 100.0, "from_rate": 14.0, "to_rate": 6.0, "ramp": 150.0, "in_share": 0.4, "help": 1.0}
STEADY = {**PACE, "from_rate": 6.0, "ramp": 0.0}


def module(page, name: str, body: str, arg=None):
    return page.evaluate(f"async (arg) => {{ const m = await import('/lib/{name}.js'); {body} }}", arg)


def breaths(pace, tau, step=0.001):
    """Sum the rate over time, in small steps."""
    begin, end, ramp = pace["from_rate"], pace["to_rate"], pace["ramp"]
    moments = ((k + 0.5) * step for k in range(round(tau / step)))
    return sum((end if t >= ramp else begin + (end - begin) * t / ramp) * step / 60 for t in moments)


@pytest.mark.parametrize("pace", [PACE, STEADY, {**PACE, "to_rate": 14.0}])
def test_breaths_are_the_rate_summed(page, pace):
    taus = [0.0, 1.5, 30.0, 149.9, 150.0, 170.0]
    counted = module(
        page, "pacer", "return arg.taus.map((tau) => m.breaths(arg.pace, tau))", {"pace": pace, "taus": taus}
    )
    assert counted == pytest.approx([breaths(pace, tau) for tau in taus], abs=1e-3)


@pytest.mark.parametrize("pace", [PACE, STEADY])
def test_when_undoes_breaths(page, pace):
    taus = [0.0, 0.7, 12.0, 149.0, 151.0, 600.0]
    back = module(
        page,
        "pacer",
        "return arg.taus.map((tau) => m.when(arg.pace, m.breaths(arg.pace, tau)))",
        {"pace": pace, "taus": taus},
    )
    assert back == pytest.approx(taus, abs=1e-9)


def test_a_pacer_is_the_same_wherever_it_is_looked_at(page):
    """It depends on the session's time alone: no memory, so a page that was away is right at once."""
    body = "const a = [...Array(600).keys()].map((k) => m.paceAt(arg, 100 + k / 3)); const b = [...Array(600).keys()].reverse().map((k) => m.paceAt(arg, 100 + k / 3)).reverse(); return [a, b];"
    forth, back = module(page, "pacer", body, PACE)
    assert forth == back
    assert all(0 <= one["fill"] <= 1 and 6 <= one["rate"] <= 14 for one in forth)
    inward = sum(one["inward"] for one in forth) / len(forth)
    assert inward == pytest.approx(0.4, abs=0.02)
    assert all(one["left"] > -1e-9 for one in forth)


def test_turns_alternate_and_never_go_below_the_slowest_breath(page):
    body = "const out = []; for (const turn of m.turns(arg, 100)) { out.push(turn); if (out.length === 80) break; } return out;"
    turns = module(page, "pacer", body, PACE)
    assert [turn["inward"] for turn in turns] == [k % 2 == 0 for k in range(80)]
    ends = [turn["t"] + turn["length"] for turn in turns]
    assert ends[:-1] == pytest.approx([turn["t"] for turn in turns[1:]], abs=1e-9)
    lengths = [a["length"] + b["length"] for a, b in zip(turns[::2], turns[1::2], strict=True)]
    assert lengths == sorted(lengths)
    assert max(lengths) == pytest.approx(10, abs=1e-6)
    assert all(
        b["length"] / a["length"] == pytest.approx(1.5, abs=0.1) for a, b in zip(turns[::2], turns[1::2], strict=True)
    )


def test_a_pacer_of_ones_own_starts_at_ones_own_rate_and_is_never_faster(page):
    paces = page.evaluate(
        "async () => { const m = await import('/views/breathe.js'); return [4, 5, 6, 10, 18].map((own) => m.paceFrom(own, 0.4, 0)); }"
    )
    for own, pace in zip((4, 5, 6, 10, 18), paces, strict=True):
        assert pace["from_rate"] == own
        assert 4.5 <= pace["to_rate"] <= max(own, 4.5)


def test_the_clock_takes_the_quickest_answer_of_a_burst(page):
    """Eleven slow answers and one quick one: offset and round trip are the quick one's."""
    body = """
      const sent = []; const clock = new m.SessionClock((message) => sent.push(message));
      for (let k = 0; k < 12; k += 1) {
        const trip = k === 7 ? 0.004 : 0.2 + 0.01 * k; const there = 1000 + k;
        clock.pong({ sent: there, t1: there - 900 + trip / 2 + (k === 7 ? 0 : 0.05), t2: there - 900 + trip / 2 + (k === 7 ? 0 : 0.05) }, there + trip);
      }
      return [clock.offset, clock.roundTrip, sent];"""
    offset, trip, sent = module(page, "clock", body)
    assert offset == pytest.approx(-900, abs=1e-9)
    assert trip == pytest.approx(0.004, abs=1e-9)
    assert sent == [{"type": "clock", "offset": pytest.approx(-900), "round_trip": pytest.approx(0.004)}]


def test_what_was_not_acknowledged_outlives_the_page(page):
    fill = """
      const box = new m.Outbox('r'); await box.ready;
      box.open({ type: 'stream', stream: 's', person: 'ada', kind: 'hr' });
      for (let k = 0; k < 5; k += 1) box.add('s', [k], ['AA==']);
      box.acknowledge('s', 1);
      await new Promise((done) => setTimeout(done, 300));
      return [...box.from('s', 0)].map((one) => one.seq);"""
    assert module(page, "outbox", fill) == [2, 3, 4]
    page.reload()
    again = "const box = new m.Outbox('r'); await box.ready; const open = box.openings({}).map((one) => one.type); box.acknowledge('s', 1); const rest = [...box.from('s', 0)].map((one) => one.seq); box.acknowledge('s', 3); return [open, rest, [...box.from('s', 0)].map((one) => one.seq), box.openings({ s: 3 }), box.size];"
    assert module(page, "outbox", again) == [["stream"], [2, 3, 4], [4], [], 1]
    gone = "const box = new m.Outbox('r'); await box.ready; box.forget(); await new Promise((done) => setTimeout(done, 300)); return box.size;"
    assert module(page, "outbox", gone) == 0
    page.reload()
    assert module(page, "outbox", "const box = new m.Outbox('r'); await box.ready; return box.names.length") == 0


def test_one_rooms_outbox_knows_nothing_of_anothers(page):
    body = """
      const one = new m.Outbox('one'); await one.ready; one.add('s', [0], ['AA==']);
      await new Promise((done) => setTimeout(done, 300));
      const two = new m.Outbox('two'); await two.ready; return two.names.length;"""
    assert module(page, "outbox", body) == 0


LINE = """
  const sent = [], samples = () => sent.filter((one) => one.type === 'samples').map((one) => one.seq);
  window.WebSocket = class { static OPEN = 1; static CLOSED = 3; readyState = 1;
    constructor() { window.line = this; setTimeout(() => this.onopen(), 0); }
    send(text) { const one = JSON.parse(text); sent.push(one); if (one.type === 'ping') this.say({ type: 'pong', sent: one.sent, t1: 0, t2: 0 }); }
    say(message) { this.onmessage({ data: JSON.stringify(message) }); }
    close() {} };
  const link = new m.Link('window', { role: 'participant', people: ['ada'] }), soon = (ms) => new Promise((done) => setTimeout(done, ms));
  await soon(200);
  line.say({ type: 'welcome', streams: {}, t: 0 });
  link.openStream({ stream: 's', person: 'ada', kind: 'hr' });
  for (let k = 0; k < 30; k += 1) link.sample('s', [k], [new Uint8Array([0])]);
  const told = [samples()];
  await soon(600);
  told.push(samples());
  line.say({ type: 'ack', stream: 's', seq: 3 });
  link.send({ type: 'stop' });
  told.push(samples().slice(8), sent.at(-1).type);
  line.say({ type: 'refused', code: 'out-of-order', about: 'samples', stream: 's', expected: 4 });
  told.push(samples().slice(12));
  for (const at of [11, 19, 27]) line.say({ type: 'ack', stream: 's', seq: at });
  told.push(samples().slice(20));
  link.close(); link.outbox.forget();
  return told;"""


def test_no_more_than_a_few_messages_are_on_their_way_so_that_a_stop_never_waits(page):
    """Nothing before the clock is known; eight at a time; what was missed is sent again; all of it arrives in order."""
    early, first, more, stop, again, rest = module(page, "link", LINE)
    assert early == []
    assert first == [*range(8)]
    assert more == [8, 9, 10, 11]
    assert stop == "stop"
    assert again == [*range(4, 12)]
    assert rest == [*range(12, 30)]


def test_a_zip_of_ours_is_a_zip(page):
    body = "return [...m.zip([['session.toml', new TextEncoder().encode('id = \"ä\"')], ['größe.txt', Uint8Array.from([0, 255, 10])], ['empty.csv', new Uint8Array(0)]])];"
    data = bytes(module(page, "zip", body))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["session.toml", "größe.txt", "empty.csv"]
        assert archive.read("session.toml").decode() == 'id = "ä"'
        assert archive.read("größe.txt") == b"\x00\xff\n"


@pytest.mark.parametrize(
    ("agent", "key"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604.1", "ios"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) AppleWebKit/605 Version/19.0 Safari/605.1.15", "safari"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36", "linux"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36", "chrome"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "chrome"),
        ("Something/1.0", "other"),
    ],
)  # fmt: skip
def test_without_bluetooth_the_words_fit_the_system(page, agent, key):
    assert module(page, "strap", "return m.hindranceBySystem(arg)", agent) == f"bluetooth.{key}"


def test_a_pseudonym_is_plain_and_free(page):
    made = module(
        page,
        "prefs",
        "const taken = []; return ['Ada Lovelace', 'Ada Lovelace', 'Zoë', '李', '李'].map((name) => { const id = m.pseudonym(name, taken); taken.push(id); return id; })",
    )
    assert made == ["Ada-Lovelace", "Ada-Lovelace-2", "Zoe", "person", "person-2"]


# Sound: everything that reaches the loudspeaker is tapped, and its loudness read off.
TAP = """() => {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) { window.ear = new AnalyserNode(to.context, { fftSize: 512 }); connect.call(this, window.ear); }
    return connect.call(this, to, ...rest);
  };
  window.loud = () => { const part = new Float32Array(512); window.ear.getFloatTimeDomainData(part); return Math.max(...part.map(Math.abs)); };
}"""
FOLLOW = "const { now } = await import('/lib/clock.js'); window.sound = new m.Sound(); await window.sound.start(); window.sound.follow({ phase0: now() + 0.05, from_rate: 10, to_rate: 6, ramp: 60, in_share: 0.4, help: 1 }, now);"


def test_sound_goes_on_without_network_and_is_silent_a_moment_after_stop(page):
    page.evaluate(TAP)
    page.mouse.click(5, 5)
    module(page, "sound", FOLLOW)
    page.context.set_offline(True)
    page.wait_for_function("window.loud() > 0.01", timeout=6000)
    page.evaluate("window.sound.stop()")
    page.wait_for_timeout(300)
    assert page.evaluate("window.loud()") < 1e-4
    page.wait_for_timeout(1500)
    assert page.evaluate("window.loud()") < 1e-4  # nothing that was planned comes after it


def test_a_fingertip_on_the_camera_gives_frames_with_times(playwright, files, tmp_path):
    """A film of a 72-a-minute brightness wave as the camera: the packets hold its rate."""
    browser = filmed(playwright, tmp_path)
    page = browser.new_page(base_url=files, service_workers="block")
    page.goto("/")
    body = """
      const finger = new m.Finger(); const got = [];
      finger.addEventListener('packet', ({ detail }) => got.push([detail.at, [...detail.bytes], detail.finger]));
      await finger.start(); await new Promise((done) => setTimeout(done, 7500)); finger.stop(); return got;"""
    got = module(page, "camera", body)
    browser.close()
    import numpy as np

    records = np.concatenate([np.frombuffer(bytes(data), dtype=[("t", "<f8"), ("red", "<f4")]) for _, data, _ in got])
    t, red = records["t"], records["red"] - records["red"].mean()
    assert np.all(np.diff(t) > 0)
    assert np.median(np.diff(t)) == pytest.approx(1 / 30, abs=2e-3)
    rates = np.arange(40, 160)
    power = [abs(np.sum(red * np.exp(-2j * np.pi * rate / 60 * (t - t[0])))) for rate in rates]
    assert rates[int(np.argmax(power))] == pytest.approx(72, abs=2)
    assert any(finger for *_, finger in got)
