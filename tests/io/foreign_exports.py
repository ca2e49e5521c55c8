"""A third set of files as devices, laboratories and people write them, drawn up by a sceptic; the right answer was written down before each was read.

`EXPORTS` holds them as `foreign_files.FILES` does. The kinds: units anywhere in a header, columns of one person in several conditions or by
several devices, times in other languages and with dots, clock changes, numbers above the data, several sheets, and tables of other laboratories.
"""

from __future__ import annotations

import datetime
import shlex

import numpy as np

from tests.io.foreign_files import (
    ENDS,
    RRS,
    START,
    A,
    E,
    Foreign,
    H,
    N,
    R,
    at,
    beats,
    eda,
    hr,
    lines,
    rated,
    sig,
    tells,
)
from tests.io.foreign_oddities import PAIR, QUARTERS, TIMED, comma, sheet, table, timed

EXPORTS = {}
one = sig("heart_rate", 1, hr, N)
pair = sig("heart_rate", 1, hr, N, persons=2)
skin = sig("eda", 4, eda, 300)
skin_1 = sig("eda", 1, eda, N, tol=2e-3)
wet = sig("eda", 1, lambda t, p: 10 * eda(t), N, tol=2e-2)
all_beats = beats(RRS.sum() / 1000, 301, 0)
refused = None
OHMS = [[k, round(100 / eda(k), 5)] for k in range(N)]  # 18 kOhm at the median, which would pass for µS
SPRING = datetime.datetime(2026, 3, 29, 1, 58)  # noqa: DTZ001 - as devices write it
LATE = datetime.datetime(2026, 5, 24, 23, 58)  # noqa: DTZ001 - as devices write it
EPOCH = 1779631110


def case(name, content, words, check):
    """Keep a case of one file, whose name is a.csv where `content` is its bytes, or of several."""
    files = content if isinstance(content, dict) else {"a.csv": content}
    assert name not in EXPORTS, name
    EXPORTS[name] = Foreign(files, shlex.split(words), check)


def over(start, k, form="%Y-%m-%d %H:%M:%S"):
    return (start + datetime.timedelta(seconds=float(k))).strftime(form)


# fmt: off
# Units anywhere in a header
for head in (
    "EDA..kOhm.", "EDA kOhm", "GSR, kOhm", "EDA in kOhm", "EDA-kOhm", "EDA.kOhm", "EDA kΩ", "GSR [kOhm] P1", "GSR (kOhm) left", "EDA [kOhm] (raw)", "kOhm_EDA", "GSR/kOhm",
    "EDA_kOhm_filtered", "[kOhm] GSR", "EDA in kiloohm", "GSR {kOhm}", "GSR <kOhm>", "EDA : kOhm",
):
    case(f"unit in a header: {head}", table(f'time_s,"{head}"', OHMS), f"{E} {A}", wet)
for head in ("EDA nS", "EDA..nS.", "SC [nS] ada", "EDA in nS"):
    case(f"unit in a header: {head}", table(f'time_s,"{head}"', [[k, round(1000 * eda(k), 1)] for k in range(N)]), f"{E} {A}", skin_1)
for head in ("EDA..uS.", "EDA uS", "EDA [uS] ada", "EDA in µS", "SC (µS) left hand"):
    case(f"unit in a header: {head}", table(f'time_s,"{head}"', [[k, eda(k)] for k in range(N)]), f"{E} {A}", skin_1)
for head in ("RR..ms.", "RR ms", "RR [ms] ada", "RR in ms", "RR-ms"):
    case(f"unit in a header: {head}", table(head, [[int(r)] for r in RRS]), f"--signal rr {A}", all_beats)
    case(f"unit in a header: {head}, said in s", table(head, [[r / 1000] for r in RRS]), f"--signal rr --unit s {A}", refused)
for head, size in (("Time..ms.", 1000), ("time ms", 1000), ("t/ms", 1000), ("Zeit in s", 1), ("time_in_ms", 1000), ("Time, s", 1), ("t / s", 1), ("Time (ms) rel", 1000), ("Time [s] since start", 1), ("Time-ms", 1000)):
    case(f"time in a header: {head}", table(f'"{head}",hr', [[size * (k if k < 100 else k + 60), hr(k if k < 100 else k + 60)] for k in range(N)]), f"{H} {A}", sig("heart_rate", 1, hr, N + 60, holes=[(100, 160)]))
    lost = ENDS + np.where(np.arange(300) >= 150, 60, 0)
    case(f"time in a header, RR: {head}", table(f'"{head}",RR', [[round(size * e, 3), int(r)] for e, r in zip(lost, RRS, strict=True)]), f"{R} {A}", beats(RRS.sum() / 1000 + 60, 302, 1))
case("heart rate in per cent of the most", table("time_s,HR [% max]", [[k, round(hr(k) / 1.9, 1)] for k in range(N)]), f"{H} {A}", refused)
case("heart rate in per cent, behind a word", table("time_s,HR %", [[k, round(hr(k) / 1.1, 1)] for k in range(N)]), f"{H} {A}", refused)
case("heart rate whose unit is ms", table("time_s,HR [ms]", TIMED), f"{H} {A}", refused)
case("breathing rate as breathing", table("time_s,Respiration Rate [1/min]", [[k, 15 + k % 3] for k in range(N)]), f"--signal resp {A}", refused)
case("unit row of kOhm", table(["time,GSR", "s,kOhm"], OHMS), f"{E} {A}", wet)
case("unit in a comment above", table(["# unit: kOhm", "time_s,GSR"], OHMS), f"{E} {A}", refused)
case("unit in a line above", table(["Units,kOhm", "", "time_s,GSR"], OHMS), f"{E} {A}", refused)
case("rate in a line above contradicts", table(["Sampling rate: 8 Hz", "", "eda"], [[eda(k / 8)] for k in range(1200)]), f"{E} {A} --rate 4", refused)
case("rate in a comment above contradicts", table(["# Sampling rate: 8 Hz", "eda"], [[eda(k / 8)] for k in range(1200)]), f"{E} {A} --rate 4", refused)
# One person in several columns
for left, right in (("HR_ECG", "HR_PPG"), ("hr_polar", "hr_garmin"), ("HR H10", "HR Fitbit"), ("hr_pre", "hr_post"), ("hr_baseline", "hr_stress"), ("HR_day1", "HR_day2"), ("HR visit 1", "HR visit 2"),
                    ("HR_trial_1", "HR_trial_2"), ("Segment 1", "Segment 2"), ("hr_rest", "hr_task"), ("HR_algorithm1", "HR_algorithm2"), ("HR_reference", "HR_device"), ("hr_session1", "hr_session2"),
                    ("HR_epoch1", "HR_epoch2"), ("HR chest", "HR ear"), ("HR_original", "HR_corrected"), ("HR", "HR_ma"), ("HR_run1", "HR_run2"), ("HR_condition_A", "HR_condition_B"),
                    ("HR_interp", "HR_uninterp"), ("HR.x", "HR.y"), ("HR (measured)", "HR (predicted)"), ("HR_t1", "HR_t2")):
    case(f"columns of one person: {left} and {right}", table(f"time_s,{left},{right}", PAIR), H, refused)
for left, right in (("HR_P1", "HR_P2"), ("hr_therapist", "hr_client"), ("hr_m", "hr_c"), ("HR_sub01", "HR_sub02"), ("HR_A", "HR_B"), ("Anna HR", "Ben HR"), ("hr_leader", "hr_follower"), ("wife_hr", "husband_hr"), ("HR_1", "HR_2"),
                    ("hr_speaker", "hr_listener"), ("HR patient", "HR doctor")):
    case(f"columns of two people: {left} and {right}", table(f"time_s,{left},{right}", PAIR), H, pair)
case("MindWare intervals by segment", {"a.xlsx": sheet(["Segment 1", "Segment 2"], *[[float(RRS[k]), float(RRS[150 + k])] for k in range(150)], before=[("HRV Stats", [["Segment Number", 1, 2], ["Mean Heart Rate", 70.1, 71.2]])])}, "--signal rr --unit ms --sheet Data", refused)
case("NeuroKit's columns of skin", table("EDA_Raw,EDA_Clean,EDA_Tonic,EDA_Phasic,SCR_Onsets", [[eda(k / 4), round(eda(k / 4) + .001, 3), round(eda(k / 4) - .2, 3), .2, 0] for k in range(1200)]), f"{E} --rate 4", refused)
case("oximeter", table("Time,Oxygen Level,Pulse Rate,Motion", [[at(k, "%H:%M:%S %d/%m/%Y"), 97, hr(k), 0] for k in range(N)]), f"{H} {A}", one)
case("oximeter, SpO2 first", table("time_s,SpO2(%),PR(bpm)", [[k, 97 - k % 2, hr(k)] for k in range(N)]), f"{H} {A}", one)
case("oximeter of two, nobody named", table("time_s,SpO2,HR", [[k, 97 - k % 2, hr(k)] for k in range(N)]), H, refused)
case("Ledalab text", {"a.txt": table([], [[f"{k / 4:.2f}", eda(k / 4), 0] for k in range(1200)], "\t")}, f"{E} {A} --column 1", skin)
case("heart rate and the speed beside it", table("time_s,hr,speed_kmh", [[k, hr(k), 40 + k % 9] for k in range(N)]), H, refused)
# Forms of time
for form in ("%d-%b-%y %H:%M:%S", "%H:%M:%S %d/%m/%Y", "%H:%M:%S %d.%m.%Y", "%H:%M:%S %b %d %Y", "%Y/%m/%d-%H:%M:%S", "%d/%b/%Y:%H:%M:%S +0200", "%Y-%m-%d %H:%M:%S:000", "%Y%m%d_%H%M%S", "%Y-%m-%d_%H-%M-%S", "%Y-%m-%d %H.%M.%S", "%d.%m.%Y %H.%M.%S", "%d.%m.%Y %H:%M:%S,000",
             "%d.%m.%y %H:%M:%S", "So. %d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S,000", "%Y-%m-%dT%H-%M-%S", "%m/%d/%Y %I:%M:%S.000 %p", "%d.%m.%Y - %H:%M:%S", "%d.%m.%Y, %H:%M:%S Uhr", "%d.%m.%Y %H:%M:%S Uhr", "%Y.%m.%d %H:%M:%S", "%d %B %Y %H:%M:%S", "%B %d, %Y at %I:%M:%S %p", "%a, %d %b %Y %H:%M:%S +0200", "%a, %d %b %Y %H:%M:%S GMT"):
    case(f"time as {form}", timed(form), f"{H} {A}", one)
for language, form in (("German", "24. Mai 2026 {}"), ("German, weekday", "So., 24. Mai 2026, {}"), ("French", "24 mai 2026 {}"), ("French, at", "24 mai 2026 à {}"), ("Spanish", "24 de mayo de 2026 {}"), ("Spanish, short", "24 may 2026 {}"), ("Italian", "24 maggio 2026 {}"), ("Dutch", "24 mei 2026 {}"), ("Portuguese", "24 de maio de 2026 {}"), ("Swedish", "24 maj 2026 {}")):
    case(f"date in words: {language}", timed(lambda k, form=form: '"' + form.format(at(k, "%H:%M:%S")) + '"', "time,hr") if "," not in form else table("time;hr", [[form.format(at(k, "%H:%M:%S")), hr(k)] for k in range(N)], ";"), f"{H} {A}", one)
case("dots and a comma in the time of day", table("time;eda", [[at(k / 4, "%H.%M.%S,%f")[:-4], comma(eda(k / 4))] for k in range(1200)], ";"), f"{E} {A}", skin)
case("dots in elapsed times", table("time;hr", [[f"00.{k // 60:02d}.{k % 60:02d}", comma(hr(k))] for k in range(N)], ";"), f"{H} {A}", one)
case("dots in the time of day beside a date", table("Datum;Zeit;Puls", [[at(k, "%d.%m.%Y"), at(k, "%H.%M.%S"), comma(hr(k))] for k in range(N)], ";"), f"{H} {A}", one)
case("a date of two digits beside a time", table("Datum;Zeit;Puls", [[at(k, "%d.%m.%y"), at(k, "%H:%M:%S"), comma(hr(k))] for k in range(N)], ";"), f"{H} {A}", one)
case("24:00:00 at midnight", timed(lambda k: over(LATE, k, "%H:%M:%S").replace("00:00:", "24:00:") if k < 180 else over(LATE, k, "%H:%M:%S")), f"{H} {A}", one)
case("midnight with AM and PM", timed(lambda k: over(LATE, k, "%I:%M:%S %p")), f"{H} {A}", one)
case("midnight between two files", {"a.csv": timed(lambda k: over(LATE, 110 + k, "%H:%M:%S")), "b.csv": timed(lambda k: over(LATE, 125 + k, "%H:%M:%S"))}, f"{H} --person ada --person ben", refused)
case("twelve hours without AM and PM", timed(lambda k: (START + datetime.timedelta(seconds=-3600 + k - 60)).strftime("%I:%M:%S")), f"{H} {A}", refused)
case("clocks forward in spring", timed(lambda k: over(SPRING, k if k < 120 else k + 3600)), f"{H} {A}", tells("read.clock-forward"))
case("clocks forward in spring, times of day", timed(lambda k: over(SPRING, k if k < 120 else k + 3600, "%H:%M:%S")), f"{H} {A}", tells("read.clock-forward"))
case("Excel spoilt the epoch", timed(lambda k: "1,78E+12", "timestamp,hr"), f"{H} {A}", refused)
case("serial days with a comma", table("Zeit;HR", [[comma(f"{46166.5823 + k / 86400:.8f}"), comma(hr(k))] for k in range(N)], ";"), f"{H} {A}", one)
case("epoch with German thousands", table("timestamp;hr", [[f"{1000 * (EPOCH + k):,}".replace(",", "."), comma(hr(k))] for k in range(N)], ";"), f"{H} {A}", one)
case("one file in s, the other in ms", {"a.csv": timed(lambda k: EPOCH + k, "timestamp,hr"), "b.csv": timed(lambda k: 1000 * (EPOCH + k), "timestamp,hr")}, f"{H} --person ada --person ben --time-unit s", refused)
case("samples by their header", table("time [samples],eda", [[k, eda(k / 4)] for k in range(1200)]), f"{E} {A} --rate 4", skin)
case("time stamps of irregular readings", table("Date,Heart Rate", [[at(3 * k + k * k % 3, "%Y-%m-%d %H:%M:%S"), hr(3 * k + k * k % 3)] for k in range(N)]), f"{H} {A}", lambda session: None)
case("movisens", table("Day rel [d];Time rel [hh:mm:ss];Date abs [yyyy-mm-dd];Time abs [hh:mm:ss];Hr [1/min];HrvRmssd [ms]", [[1, f"00:{k:02d}:00" if k < 60 else f"0{k // 60}:{k % 60:02d}:00", at(60 * k, "%Y-%m-%d"), at(60 * k, "%H:%M:%S"), hr(60 * k), 40] for k in range(N)], ";"), f"{H} {A}", sig("heart_rate", 1 / 60, hr, 60 * N))
# Devices and apps
case("Google Fit by the minute", table("Start time,End time,Average heart rate (bpm),Max heart rate (bpm),Min heart rate (bpm),Step count", [[at(60 * k, "%H:%M:%S.000+02:00"), at(60 * k + 60, "%H:%M:%S.000+02:00"), hr(60 * k), hr(60 * k) + 3, hr(60 * k) - 3, ""] for k in range(N)]), f"{H} {A}", sig("heart_rate", 1 / 60, hr, 60 * N))
case("Health Connect", table("startTime,endTime,beatsPerMinute", [[at(k, "%Y-%m-%dT%H:%M:%SZ"), at(k, "%Y-%m-%dT%H:%M:%SZ"), hr(k)] for k in range(N)]), f"{H} {A}", one)
case("OpenBCI with two times", {"a.txt": table(["%OpenBCI Raw EXG Data", "%Number of channels = 1", "%Sample Rate = 4 Hz", "%Board = OpenBCI_GUI$BoardGanglionBLE", "Sample Index, EXG Channel 0, Timestamp, Timestamp (Formatted)"], [[k % 256, eda(k / 4), f"{EPOCH + k / 4:.6f}", at(k / 4, "%Y-%m-%d %H:%M:%S.%f")[:-3]] for k in range(1200)], ", ")}, f"{E} {A} --column 1", skin)
case("Mind Monitor", table("TimeStamp,Alpha_TP9,Heart_Rate,HeadBandOn,Elements", [[at(k, "%Y-%m-%d %H:%M:%S.000"), .5, hr(k), 1, "" if k % 50 else "/muse/elements/blink"] for k in range(N)]), f"{H} {A}", one)
case("Equivital intervals", table("DateTime,IBI(ms)", [[at(e, "%d/%m/%Y %H:%M:%S.%f")[:-3], int(r)] for e, r in zip(ENDS, RRS, strict=True)]), f"--signal rr {A}", all_beats)
case("Hexoskin intervals", table("time [s/256],RR_interval [s]", [[round(256 * e), r / 1000] for e, r in zip(ENDS, RRS, strict=True)]), f"--signal rr {A}", all_beats)
case("Polar PPI", {"a.txt": table("Phone timestamp;PP-interval [ms];error estimate [ms];blocker;contact;contact supported;hr [bpm]", [[at(e, "%Y-%m-%dT%H:%M:%S.%f")[:-3], int(r), 8, 0, 1, 1, 0] for e, r in zip(ENDS, RRS, strict=True)], ";")}, f"--signal rr {A}", all_beats)
case("HRV4Training days", table("date,HR,AVNN,SDNN,rMSSD", [[at(86400 * k, "%Y-%m-%d"), 60, 900 + k % 50, 60, 50] for k in range(60)]), f"{R} {A} --column AVNN", refused)
case("Fitbit variability", table("timestamp,rmssd,coverage,low_frequency,high_frequency", [[at(300 * k, "%Y-%m-%dT%H:%M:%S"), 30 + k % 9, .97, 400, 300] for k in range(60)]), f"{R} {A} --column rmssd", refused)
case("emWave", {"a.txt": lines("Session date:\t24.05.2026", "Coherence ratio:\t2.1", "IBI", rows=[[int(r)] for r in RRS])}, f"{R} {A}", all_beats)
case("Nonin", table("24-May-26 13:58:30,97,72", [[at(k, "%d-%b-%y %H:%M:%S"), 97, hr(k)] for k in range(1, N)]), f"{H} {A} --column 2", rated("heart_rate", 1))
case("CARMA", table(["Multimedia File: x.mp4", "Upper Label: good", "Magnification: 1x", "%%%%%%", "Second,Rating"], [[k, k % 7] for k in range(N)]), f"--signal rating {A}", sig("rating", 1, lambda t, p: t % 7, N))
case("OpenFace", table("frame, face_id, timestamp, confidence, success, AU12_r", [[k + 1, 0, f"{k / 25:.3f}", .98, 1, round(2 + np.sin(k / 50), 2)] for k in range(2500)], ", "), f"--signal motion {A} --column AU12_r", rated("motion", 25))
case("Praat pitch", {"a.txt": table("Time_s   F0_Hz", [[f"{k / 100:.2f}", "--undefined--" if 500 <= k < 600 else round(200 + 20 * np.sin(k / 70), 3)] for k in range(3000)], "   ")}, f"--signal pitch --unit a.u. {A}", refused)
case("Noldus", table('"Trial name";"Trial 1"\n"Subject";"ada"\n"";""\n"Trial time";"Recording time";"HR"\n"(s)";"(s)";"(bpm)"', [[comma(f"{k:.2f}"), comma(f"{k:.2f}"), comma(hr(k))] for k in range(N)], ";"), f"{H} {A}", one)
case("E-Prime", {"a.txt": table(["x.edat2", "ExperimentName\tSubject\tSession\tTrial\tRating.RESP\tOnsetTime"], [["Dyad", 7, 1, k + 1, k % 7, 1000 * k] for k in range(N)], "\t", "utf-16")}, f"--signal rating {A} --column Rating.RESP --time-column OnsetTime --time-unit ms", sig("rating", 1, lambda t, p: t % 7, N))
case("REDCap wide", table("record_id,redcap_event_name,hr_1,hr_2,hr_3,hr_4", [[k, "baseline_arm_1", 70, 72, 71, 74] for k in range(40)]), f"{H} --rate 1", refused)
case("BioGraph", table(["Client:,ada", "Sampling rate:,4", "", "Time,SC"], [[f"00:{k // 240:02d}:{k // 4 % 60:02d}.{k % 4 * 250:03d}", eda(k / 4)] for k in range(1200)]), f"{E} {A}", skin)
case("Cortrium beats", table("timestamp_ms;beat_type;rr_ms", [[round(1000 * e), "N", int(r)] for e, r in zip(ENDS, RRS, strict=True)], ";"), f"--signal rr {A}", all_beats)
# Rows and sheets
case("numbers above the header", table(["Age,34", "Sex,1", "Height,170", "", "time_s,hr"]), f"{H} {A}", one)
case("numbers above headless rows", table(["34", "170", "", "hr"], [[hr(k)] for k in range(N)]), f"{H} {A} --rate 1", refused)
case("how many, then the intervals", {"a.txt": lines("300", rows=[[int(r)] for r in RRS])}, f"{R} {A}", refused)
case("how many, then the values", {"a.txt": lines("300", rows=[[hr(k)] for k in range(N)])}, f"{H} {A} --rate 1", refused)
case("the rate, then the values", {"a.txt": lines("4", rows=[[500 + eda(k / 4)] for k in range(1200)])}, f"--signal ppg {A} --rate 4", refused)
case("a start in Unix seconds, then intervals", {"a.txt": lines(str(EPOCH), rows=[[int(r)] for r in RRS])}, f"{R} {A}", refused)
case("intervals with semicolons", {"a.txt": (";".join(str(int(r)) for r in RRS) + "\n").encode()}, f"{R} {A}", all_beats)
case("intervals with semicolons and commas", {"a.txt": (";".join(comma(r / 1000) for r in RRS) + "\n").encode()}, f"--signal rr --unit s {A}", all_beats)
case("intervals with a last semicolon", {"a.txt": lines(rows=[[f"{int(r)};"] for r in RRS])}, f"{R} {A}", all_beats)
case("every row twice", table("time_s,hr", [row for row in TIMED for _ in (0, 1)]), f"{H} {A}", one)
case("rows twice, other values", table("time_s,hr", [[k, v + 9 * j] for k, v in TIMED for j in (0, 1)]), f"{H} {A}", refused)
case("the file twice, one behind the other", lines("time_s,hr", rows=TIMED) + lines("time_s,hr", rows=TIMED), f"{H} {A}", refused)
case("the intervals twice, one behind the other", {"a.txt": lines(rows=[[int(r)] for r in [*RRS, *RRS]])}, f"{R} {A}", refused)
case("sheet of sums before the data", {"a.xlsx": sheet(["time_s", "HR"], *[[k, float(hr(k))] for k in range(N)], before=[("Summary", [["Person", "Mean HR"], ["ada", 70.1], ["ben", 71.2]])])}, f"{H} {A}", one)
case("two sheets of data, none chosen", {"a.xlsx": sheet(["time_s", "HR"], *[[k, float(hr(k))] for k in range(N)], after=[("Ben", [["time_s", "HR"], *[[k, float(hr(k, 1))] for k in range(N)]])])}, f"{H} {A}", refused)
case("a total in the second column", table("time_s,hr", [*TIMED, ["Total", 21000]]), f"{H} {A}", one)
case("a total without a word", table("time_s,hr", [*TIMED, ["", 21000]]), f"{H} {A}", one)
case("conditions that begin anew", table("condition,time_s,hr", [[c, k, hr(k, p)] for p, c in enumerate(("rest", "talk")) for k in range(N)]), f"{H} {A}", refused)
case("people by number, rows one after another", table("subject,time_s,hr", [[p + 1, k, hr(k, p)] for p in (0, 1) for k in range(N)]), H, pair)
case("people by number, a rate", table("id,hr", [[p + 7, hr(k, p)] for p in (0, 1) for k in range(N)]), f"{H} --rate 1", pair)
case("people by number, and only one person named", table("id,time_s,hr", [[p + 7, k, hr(k, p)] for p in (0, 1) for k in range(N)]), f"{H} {A}", refused)
case("people and sessions", table("id,session,time_s,hr", [[p, s, k, hr(k, p)] for s in (1, 2) for p in (1, 2) for k in range(N)]), H, refused)
case("numbers with blanks between the digits", table("time_s;v", [[k, f"{1000 + k} 5"] for k in range(N)], ";"), f"--signal glow --unit a.u. {A}", refused)
case("values between bars of a ratio", table("time_s,bp", [[k, f"{120 + k % 9}/80"] for k in range(N)]), f"--signal glow --unit a.u. {A}", refused)
case("percent signs behind values", table("time_s,v", [[k, f"{hr(k)}%"] for k in range(N)]), f"--signal glow --unit a.u. {A}", refused)
case("numbers as Excel shows too wide cells", table("time_s,hr", [[k, "########" if 100 <= k < 106 else hr(k)] for k in range(N)]), f"{H} {A}", sig("heart_rate", 1, hr, N, holes=[(100, 106)]))
case("missing as 'x' told by a legend", table(["# 99 = missing", "time_s,rating"], [[k, 99 if 100 <= k < 106 else k % 7] for k in range(N)]), f"--signal rating {A}", sig("rating", 1, lambda t, p: t % 7, N, holes=[(100, 106)]))
case("rate column", table("fs,eda", [[4, v] for _, v in QUARTERS]), f"{E} {A}", refused)
case("decimal comma in one column alone", table("time_s;hr", [[k, comma(hr(k))] for k in range(N)], ";"), f"{H} {A}", one)
case("decimal signs of both kinds", table("time_s;hr", [[k, comma(hr(k)) if k % 2 else hr(k)] for k in range(N)], ";"), f"{H} {A}", one)
