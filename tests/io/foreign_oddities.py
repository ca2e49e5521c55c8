"""Further files as devices, apps, spreadsheets and people write them, with the right answer beside each. Most answers were written down before the file was read; 17 were
changed after it, mostly from read to refused.

`ODDITIES` holds them as `foreign_files.FILES` does: other devices, other scripts, odd forms of time, two people in odd layouts, copies of one
person, intervals with a rate, resistance, archives, and manifests with strange values.
"""

from __future__ import annotations

import datetime
import gzip
import io
import json
import shlex
import tarfile
import zipfile

import numpy as np
import openpyxl

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
)

ODDITIES = {}
one = sig("heart_rate", 1, hr, N)
pair = sig("heart_rate", 1, hr, N, persons=2)
skin = sig("eda", 4, eda, 300)
refused = None
TIMED = [[k, hr(k)] for k in range(N)]
PAIR = [[k, hr(k), hr(k, 1)] for k in range(N)]
QUARTERS = [[k / 4, eda(k / 4)] for k in range(1200)]


def case(name, content, words, check):
    """Keep a case of one file, whose name is a.csv where `content` is its bytes, or of several."""
    files = content if isinstance(content, dict) else {"a.csv": content}
    assert name not in ODDITIES, name
    ODDITIES[name] = Foreign(files, shlex.split(words), check)


def table(head, rows=TIMED, sep=",", enc="utf-8", **how):
    return lines(*([head] if isinstance(head, str) else head), rows=rows, sep=sep, enc=enc, **how)


def comma(value):
    return str(value).replace(".", ",")


def timed(form, head="time,hr"):
    """Write a table of heart rates whose times are of a form: a text for strftime, or a function of the second."""
    sep = ";" if "," in str(form(0) if callable(form) else form) else ","
    stamps = [form(k) if callable(form) else at(k, form) for k in range(N)]
    return table(head.replace(",", sep), [[stamp, hr(k)] for k, stamp in enumerate(stamps)], sep)


def sheet(*rows, before=(), after=(), edit=None):
    """Return what writes a workbook whose sheet has these rows, with other sheets before and behind it."""

    def write(path):
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for name, own in [*before, ("Data", rows), *after]:
            page = workbook.create_sheet(name)
            for row in own:
                page.append(row)
        if edit:
            edit(workbook)
        workbook.save(path)

    return write


def zipped(members):
    def write(path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)

    return write


def tarred(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    return out.getvalue()


# fmt: off
PLAIN = table("time_s,hr")
# Devices and apps
case("Oura heart rate", table("timestamp,bpm,source", [[at(300*k, "%Y-%m-%dT%H:%M:%S+00:00"), hr(k), "rest" if k % 3 else "awake"] for k in range(N)]), f"{H} {A}", rated("heart_rate", 1/300))
case("WHOOP cycles", table("Cycle start time,Cycle end time,Resting heart rate (bpm),Heart rate variability (ms)", [[at(86400*k), at(86400*k+80000), 52+k % 4, 60+k % 9] for k in range(30)]), f"{R} {A}", refused)
case("Apple Health export to CSV", table("sourceName,sourceVersion,device,type,unit,creationDate,startDate,endDate,value", [["Watch", "10.1", "Apple Watch", "HKQuantityTypeIdentifierHeartRate", "count/min", at(k+9, "%Y-%m-%d %H:%M:%S +0200"), at(k, "%Y-%m-%d %H:%M:%S +0200"), at(k, "%Y-%m-%d %H:%M:%S +0200"), hr(k)] for k in range(N)]), f"{H} {A}", one)
case("Zepp per minute", table("date,time,heartRate", [[at(60*k, "%Y-%m-%d"), at(60*k, "%H:%M"), hr(k)] for k in range(N)]), f"{H} {A}", sig("heart_rate", 1/60, lambda t, p: hr(t/60), 60*N))
case("Firstbeat SDF", {"a.sdf": lines("[HEADER]", "FILETYPE=SDF", "VERSION=1", "STARTTIME=24.05.2026 13:58.30", "[CUSTOM1]", "[POINTS]", "[DATA]", rows=[[int(r)] for r in RRS], end="\r\n")}, f"{R} {A}", beats(RRS.sum()/1000, 301, 0))
case("BioHarness summary", table("Time,HR,BR,SkinTemp,Posture,Activity", [[at(k, "%d/%m/%Y %H:%M:%S.000"), hr(k), 14.1+k % 3, 33.1, -4+k % 5, 0.01*(k % 7)] for k in range(N)]), f"{H} {A}", one)
case("Hexoskin time in 1/256 s", table("time [s/256],heart_rate [NA](/api/datatype/19/)", [[256*k, hr(k)] for k in range(N)]), f"{H} {A}", one)
case("VU-DAMS with labels", {"a.txt": table("Time\tLabel\tIBI\tHR", [[at(e, "%H:%M:%S.%f")[:-3], "rest", int(r), round(60000/r, 1)] for e, r in zip(ENDS, RRS, strict=True)], "\t")}, f"{R} {A}", beats(RRS.sum()/1000, 301, 0))
case("Actiheart", table(["Actiheart 5,v5.1.10", "Subject,7", "Started,24-May-2026  13:58", "", "Time,BPM,Activity"], [[at(15*k, "%H:%M:%S"), hr(15*k), k % 40] for k in range(N)]), f"{H} {A}", sig("heart_rate", 1/15, hr, 15*N))
case("ActiGraph RR", table(["------------ Data File Created By ActiGraph Link ActiLife v6 ------------", "Serial Number: X", "Start Time 13:58:30", "Start Date 5/24/2026", "--------------------------------------------------", "Timestamp,RR"], [[at(e, "%d.%m.%Y %H:%M:%S.%f")[:-3], int(r)] for e, r in zip(ENDS, RRS, strict=True)]), f"{R} {A}", beats(RRS.sum()/1000, 301, 0))
case("Vernier", table("Latest: Time (s),Latest: Heart Rate (BPM)"), f"{H} {A}", one)
case("Vernier data sets of two", table("Data Set 1:Time(s),Data Set 1:Heart Rate(bpm),Data Set 2:Time(s),Data Set 2:Heart Rate(bpm)", [[k, hr(k), k, hr(k, 1)] for k in range(N)]), H, pair)
case("LSL uptime", table("lsl_timestamp,hr", [[f"{184467.123456+k:.6f}", hr(k)] for k in range(N)]), f"{H} {A}", one)
case("iMotions sparse rows", table(["#METADATA", "#Study name,Dyads", "#DATA", "Row,Timestamp,EventSource,HR,GSR CAL (µSiemens)"], [[k+1, 125*k, 1+k % 2, "" if k % 2 == 0 else hr(k), "" if k % 2 else eda(k/8)] for k in range(2400)]), f"{E} {A} --column 4", skin)
case("FaceReader words", {"a.txt": table(["Video analysis detailed log", "Filename:\tx.mp4", "", "Video Time\tHeart Rate"], [[hmsm, "FIT_FAILED" if 100 <= k < 106 else hr(k)] for k in range(N) for hmsm in [f"00:{k//60:02d}:{k%60:02d}.000"]], "\t")}, f"{H} {A}", sig("heart_rate", 1, hr, N, holes=[(100, 106)]))
case("Fitbit intraday JSON", {"a.json": json.dumps({"activities-heart-intraday": {"dataset": [{"time": at(k, "%H:%M:%S"), "value": int(hr(k))} for k in range(N)]}}).encode()}, f"{H} {A}", refused)
case("Google Fit", table("Start time,End time,Average heart rate (bpm),Max heart rate (bpm),Min heart rate (bpm)", [[at(60*k, "%H:%M:%S.000+02:00"), at(60*k+60, "%H:%M:%S.000+02:00"), hr(k), hr(k)+3, hr(k)-3] for k in range(N)]), f"{H} {A}", refused)
case("OpenBCI with an index that wraps", {"a.txt": table(["%OpenBCI Raw EXG Data", "%Number of channels = 1", "%Sample Rate = 250 Hz", "Sample Index, EXG Channel 0"], [[k % 256, round(500*np.sin(k/40), 2)] for k in range(2500)], ", ")}, f"--signal ecg --unit µV {A}", sig("ecg", 250, lambda t, p: np.round(500*np.sin(250*t/40), 2)/1000, 10))
case("a Python list", {"a.txt": (str([int(r) for r in RRS])+"\n").encode()}, f"{R} {A}", refused)
case("an R vector", {"a.txt": ("c("+", ".join(str(int(r)) for r in RRS)+")\n").encode()}, f"{R} {A}", refused)
case("R print with counts", {"a.txt": ("\n".join(f"  [{k+1}] "+" ".join(str(int(r)) for r in RRS[k:k+10]) for k in range(0, 300, 10))+"\n").encode()}, f"{R} {A}", refused)
case("MATLAB display with a factor", {"a.txt": lines("", "   1.0e+01 *", "", rows=[[f"    {eda(k/4)/10:.4f}"] for k in range(1200)])}, f"{E} {A} --rate 4", refused)
case("SPSS tab with commas", {"a.dat": table("time_s\thr", [[k, comma(hr(k))] for k in range(N)], "\t")}, f"{H} {A}", one)
case("Stata missing .a", table("time_s,hr", [[k, ".a" if 100 <= k < 106 else hr(k)] for k in range(N)]), f"{H} {A}", sig("heart_rate", 1, hr, N, holes=[(100, 106)]))
case("units in each cell", table("time,hr", [[f"{k} s", f"{hr(k)} bpm"] for k in range(N)]), f"{H} {A}", refused)
case("ROS topic echo", table("%time,field.header.seq,field.header.stamp,field.data", [[10**9*(1779631110+k), k, 10**9*(1779631110+k), hr(k)] for k in range(N)]), f"{H} {A}", one)
case("E-Prime with a practice run above", {"a.txt": table(["Session\tTrial\tTime\tHR"], [[1, k, k, hr(k)] for k in range(N)], "\t")}, f"{H} {A}", one)
case("quality flags beside a heart rate", table("time_s,hr,hr_quality", [[k, hr(k), 1+k % 2] for k in range(N)]), f"{H} {A}", one)
# Spreadsheets
case("Excel serial dates as plain numbers", {"a.xlsx": sheet(["Date", "HR"], *[[46166.5823+k/86400, float(hr(k))] for k in range(N)])}, f"{H} {A}", one)
case("Excel counts from 1904", {"a.xlsx": sheet(["Time", "HR"], *[[START+datetime.timedelta(seconds=k), float(hr(k))] for k in range(N)], edit=lambda book: setattr(book, "epoch", datetime.datetime(1904, 1, 1)))}, f"{H} {A}", one)  # noqa: DTZ001
case("Excel first sheet is a cover", {"a.xlsx": sheet(["time_s", "HR"], *[[k, float(hr(k))] for k in range(N)], before=[("Cover", [["Study"], ["by", "us"]])])}, f"{H} {A}", one)
case("Excel first sheet is empty", {"a.xlsx": sheet(["time_s", "HR"], *[[k, float(hr(k))] for k in range(N)], before=[("Sheet1", [])])}, f"{H} {A}", one)
case("Excel formulas never computed", {"a.xlsx": sheet(["time_s", "HR"], *[[k, f"=70+SIN({k})"] for k in range(N)])}, f"{H} {A}", refused)
case("Excel one person per sheet", {"a.xlsx": sheet(["time_s", "HR"], *[[k, float(hr(k))] for k in range(N)], after=[("Ben", [["time_s", "HR"], *[[k, float(hr(k, 1))] for k in range(N)]])])}, f"{H} {A} --sheet Data", one)
case("Excel units below the header", {"a.xlsx": sheet(["time", "HR"], ["s", "bpm"], *[[k, float(hr(k))] for k in range(N)])}, f"{H} {A}", one)
case("Excel begins in column C", {"a.xlsx": sheet([None, None, "time_s", "HR"], *[[None, None, k, float(hr(k))] for k in range(N)])}, f"{H} {A}", one)
case("Excel text in a few cells", {"a.xlsx": sheet(["time_s", "HR"], *[[k, "signal lost" if 20 <= k < 30 else float(hr(k))] for k in range(N)])}, f"{H} {A}", sig("heart_rate", 1, hr, N, holes=[(20, 30)]))
case("Excel two tables side by side", {"a.xlsx": sheet(["time_s", "HR", None, "time_s", "EDA"], *[[k, float(hr(k)), None, k/4, float(eda(k/4))] for k in range(N)])}, f"{H} {A} --column 1", one)
case("sep= in the first line", table(["sep=;", "time_s;hr"], TIMED, ";"), f"{H} {A}", one)
# Other scripts, languages and encodings
ARABIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
case("Arabic digits", table("time_s;hr", [[str(k).translate(ARABIC), str(hr(k)).translate(ARABIC)] for k in range(N)], ";"), f"{H} {A}", one)
WIDE = str.maketrans("0123456789.", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0e")
case("full-width digits", table("time_s,hr", [[str(k).translate(WIDE), str(hr(k)).translate(WIDE)] for k in range(N)]), f"{H} {A}", one)
for language, head, enc in (
    ("Russian", "Время (с);ЧСС", "cp1251"), ("Greek", "Χρόνος (s);Καρδιακός ρυθμός", "iso8859-7"), ("Japanese", "時間(秒);心拍数", "shift_jis"), ("Korean", "시간(초);심박수", "euc-kr"),
    ("Polish", "czas (s);tętno", "cp1250"), ("Czech", "čas (s);tepová frekvence", "cp1250"), ("Hungarian", "idő (s);pulzus", "utf-8"), ("Dutch", "tijd (s);hartslag", "utf-8"),
    ("Italian", "tempo (s);frequenza cardiaca", "utf-8"), ("Portuguese", "tempo (s);frequência cardíaca", "cp1252"), ("Finnish", "aika (s);syke", "utf-8"), ("Turkish", "zaman (sn);nabız", "cp1254"),
    ("Swedish", "tid (s);puls", "utf-8"), ("Hebrew", "זמן (s);דופק", "cp1255"),
):
    unread = enc in ("cp1251", "shift_jis", "euc-kr") or language == "Turkish"  # what the names say is not known, and so the rate is asked for
    case(f"{language} header in {enc}", table(head, [[k, comma(hr(k))] for k in range(N)], ";", enc), f"{H} {A}", refused if unread else one)
case("UTF-32", table("time_s,hr", enc="utf-32"), f"{H} {A}", one)
case("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf"+PLAIN, f"{H} {A}", one)
case("micro sign of DOS", table("time_s,EDA (\u00b5S)", QUARTERS, enc="cp437"), f"{E} {A}", skin)
case("UTF-8 read as Windows-1252 and written again", table("time_s,EDA (Â\u00b5S)", QUARTERS), f"{E} {A}", skin)
case("soft hyphens and zero-width blanks", table("\u200btime_s\u200b,h\u00adr", [[f"{k}\u200b", f"\u200b{hr(k)}"] for k in range(N)]), f"{H} {A}", one)
case("non-breaking blanks between columns", {"a.txt": table("time_s\u00a0hr", sep="\u00a0")}, f"{H} {A}", refused)
# Forms of time
case("ISO week date", timed("%G-W%V-%uT%H:%M:%S"), f"{H} {A}", refused)
case("ISO ordinal date", timed("%Y-%jT%H:%M:%S"), f"{H} {A}", refused)
case("ISO basic", timed("%Y%m%dT%H%M%SZ"), f"{H} {A}", one)
case("date and time as one number", timed("%Y%m%d%H%M%S"), f"{H} {A}", refused)
case("date and time as two numbers", timed("%Y%m%d %H%M%S"), f"{H} {A}", one)
case("time of day as one number", timed("%H%M%S"), f"{H} {A}", refused)
case("hours with decimals", timed(lambda k: f"{13.975+k/3600:.8f}", "time (h),hr"), f"{H} {A}", one)
case("ticks of .NET", timed(lambda k: 639151991100000000+10**7*k), f"{H} {A}", refused)
case("FILETIME of Windows", timed(lambda k: 134240471100000000+10**7*k, "filetime,hr"), f"{H} {A}", refused)
case("seconds from 1904", timed(lambda k: 3862475910+k, "timestamp,hr"), f"{H} {A}", one)
case("seconds from 2001", timed(lambda k: 801323910+k, "timestamp,hr"), f"{H} {A}", one)
case("Julian date", timed(lambda k: f"{2461185.08229167+k/86400:.8f}", "JD,hr"), f"{H} {A}", refused)
case("share of a day", timed(lambda k: f"{k/86400:.9f}", "time,hr"), f"{H} {A}", refused)
case("ISO durations", timed(lambda k: f"PT{k//60}M{k%60}S"), f"{H} {A}", refused)
case("minutes and seconds with letters", timed(lambda k: f"{k//60}m{k%60:02d}s"), f"{H} {A}", refused)
case("signed times", timed(lambda k: f"+00:{k//60:02d}:{k%60:02d}"), f"{H} {A}", one)
case("times that begin before zero", timed(lambda k: k-30, "time_s,hr"), f"{H} {A}", sig("heart_rate", 1, hr, N))
case("time code of a film", table("time,eda", [[f"00:{k//1500:02d}:{k//25%60:02d}:{k%25:02d}", eda(k/25)] for k in range(2500)]), f"{E} {A}", refused)
case("comma before the milliseconds", timed(lambda k: f"00:{k//60:02d}:{k%60:02d},000"), f"{H} {A}", one)
case("minutes point seconds", timed(lambda k: f"{k//60}.{k%60:02d}", "time (min.sec),hr"), f"{H} {A}", refused)
case("seconds of the minute alone", timed(lambda k: k % 60, "sec,hr"), f"{H} {A}", refused)
case("hour, minute and second in columns", table("hour,minute,second,hr", [[int(v) for v in at(k, "%H %M %S").split()]+[hr(k)] for k in range(N)]), f"{H} {A} --column hr", refused)
case("a counter of 16 bits that wraps", timed(lambda k: 1000*k % 65536, "time_ms,hr"), f"{H} {A}", refused)
case("times kept in 32 bits", timed(lambda k: f"{np.float32(1779631110+k):.0f}", "timestamp,hr"), f"{H} {A}", refused)
case("dots in the time of day", timed("%H.%M.%S"), f"{H} {A}", one)
case("letters in the time of day", timed("%Hh%Mm%Ss"), f"{H} {A}", refused)
case("zone as a word", timed("%Y-%m-%d %H:%M:%S CEST"), f"{H} {A}", refused)
case("zone with its place", timed("%Y-%m-%dT%H:%M:%S+02:00[Europe/Berlin]"), f"{H} {A}", one)
case("zone of hours alone", timed("%Y-%m-%dT%H:%M:%S+02"), f"{H} {A}", one)
case("JavaScript date", timed("%a %b %d %Y %H:%M:%S GMT+0200 (Central European Summer Time)"), f"{H} {A}", refused)
case("date of asctime", timed("%a %b %d %H:%M:%S %Y"), f"{H} {A}", one)
case("German date in words", timed(lambda k: f"24. Mai 2026 {at(k, '%H:%M:%S')}"), f"{H} {A}", one)
case("Japanese date", timed(lambda k: f"2026年5月24日 {at(k, '%H時%M分%S秒')}"), f"{H} {A}", refused)
case("Buddhist year", timed(lambda k: f"24/05/2569 {at(k, '%H:%M:%S')}"), f"{H} {A}", one)
case("a year of 1970 from an unset clock", timed(lambda k: f"1970-01-01 00:{k//60:02d}:{k%60:02d}"), f"{H} {A}", one)
case("the first stamp is zero", timed(lambda k: 0 if k == 0 else 1779631110+k, "timestamp,hr"), f"{H} {A}", refused)
case("a stamp of another year amid the rows", timed(lambda k: at(k-10**8) if k == 150 else at(k)), f"{H} {A}", refused)
case("stamps rounded to minutes", timed("%Y-%m-%d %H:%M"), f"{H} {A}", refused)
case("milliseconds in a column called time_s", timed(lambda k: 1000*k, "time_s,hr"), f"{H} {A} --rate 1", refused)
case("seconds in a column called time_ms", timed(lambda k: k, "time_ms,hr"), f"{H} {A}", refused)
case("index called time", timed(lambda k: k, "time_index,hr"), f"{H} {A}", refused)
# Two people in odd layouts
case("own times and lengths side by side", table("time_a,hr_a,,time_b,hr_b", [[k, hr(k), "", k+5 if k < 200 else "", hr(k, 1) if k < 200 else ""] for k in range(N)]), H, refused)
case("one table below the other", lines("ada", "time_s,hr", rows=TIMED)+lines("", "ben", "time_s,hr", rows=[[k, hr(k, 1)] for k in range(N)]), f"{H} {A}", refused)
case("one table below the other, no heads", lines("time_s,hr", rows=TIMED)+lines("", rows=[[k, hr(k, 1)] for k in range(N)]), f"{H} {A}", refused)
case("rows are people", table("person,"+",".join(map(str, range(N))), [["ada", *hr(np.arange(N))], ["ben", *hr(np.arange(N), 1)]]), H, refused)
case("two people, row by row, with a label", table("time_s,who,hr", [[k, who, hr(k, p)] for k in range(N) for p, who in enumerate(("a", "b"))]), H, pair)
case("two people, row by row, without a label", table("time_s,hr", [[k, hr(k, p)] for k in range(N) for p in (0, 1)]), f"{H} {A}", refused)
case("names above the header", table([",ada,ben", "time_s,hr,hr"], PAIR), H, pair)
case("names in brackets", table("time_s,HR (ada),HR (ben)", PAIR), H, pair)
case("names before the signal", table("time_s,Ada HR (bpm),Ben HR (bpm)", PAIR), H, pair)
case("self and partner", table("time_s,self,partner", PAIR), H, pair)
case("mother, child and one more channel", table("time_s,mother_hr,child_hr,mother_resp", [[*row, 15] for row in PAIR]), H, refused)
case("a mean of both beside them", table("time_s,hr_a,hr_b,mean_hr", [[k, a, b, round((a+b)/2, 2)] for k, a, b in PAIR]), H, refused)
case("a difference of both beside them", table("time_s,hr_a,hr_b,hr_diff", [[k, a, b, round(b-a+60, 2)] for k, a, b in PAIR]), H, refused)
case("raw and filtered of one person", table("time_s,hr_raw,hr_filtered", [[k, a, round(a+0.1*np.sin(k), 1)] for k, a in TIMED]), H, refused)
case("raw and smoothed of one person", table("time_s,hr,hr_smooth", [[k, a, round(a+0.1*np.sin(k), 1)] for k, a in TIMED]), H, refused)
case("least, most and mean of one person", table("time_s,HR_min,HR_max,HR_avg", [[k, a-1, a+1, a] for k, a in TIMED]), H, refused)
case("value and its spread", table("time_s,HR_mean,HR_sd", [[k, a, 40+k % 3] for k, a in TIMED]), H, refused)
case("windows of one person", table("time_s,hr_5s,hr_10s", [[k, a, round(a+0.2*np.sin(k), 1)] for k, a in TIMED]), H, refused)
case("two sensors of one person", table("time_s,hr_left_wrist,hr_right_wrist", [[k, a, round(a+0.2*np.sin(k), 1)] for k, a in TIMED]), H, refused)
case("one column copied", table("time_s,hr_a,hr_b", [[k, a, a] for k, a in TIMED]), H, refused)
case("one file twice", {"a.csv": PLAIN, "b.csv": PLAIN}, f"{H} --person ada --person ben", refused)
case("files of two years", {"a.csv": timed("%Y-%m-%d %H:%M:%S"), "b.csv": timed(lambda k: at(k-365*86400))}, f"{H} --person ada --person ben", refused)
case("files an hour apart", {"a.csv": timed("%Y-%m-%d %H:%M:%S"), "b.csv": timed(lambda k: at(k+3600))}, f"{H} --person ada --person ben", refused)
case("three people, one without values", table("time_s,hr_a,hr_b,hr_c", [[*row, ""] for row in PAIR]), H, refused)
case("person in the first column once", table("who,time_s,hr", [["ada" if k == 0 else "", k, hr(k)] for k in range(N)]), f"{H} {A}", one)
# Mixed units
case("RR of one in ms, of the other in s", table("RR_a_ms,RR_b_s", [[int(r), r/1000] for r in RRS]), "--signal rr", refused)
case("RR that changes to seconds half way", {"a.txt": lines(rows=[[int(r) if k < 150 else r/1000] for k, r in enumerate(RRS)])}, f"{R} {A}", refused)
case("heart rate in Hz", table("time_s,hr [Hz]", [[k, round(a/60, 6)] for k, a in TIMED]), f"{H} {A}", sig("heart_rate", 1, hr, N, tol=1e-3))
case("heart rate called Hz that is per minute", table("time_s,hr [Hz]"), f"{H} {A}", refused)
case("heart rate that is RR in ms", table("time_s,hr", [[k, round(60000/a)] for k, a in TIMED]), f"{H} {A}", refused)
case("conductance of one, resistance of the other", table("time_s,EDA_a (µS),GSR_b (kOhm)", [[k, eda(k), round(1000/eda(k, 1), 5)] for k in range(N)]), E, sig("eda", 1, eda, N, persons=2, tol=2e-3))
case("the unit changes half way", table("time_s,eda", [[k, eda(k) if k < 150 else 1000*eda(k)] for k in range(N)]), f"{E} {A}", refused)
# Intervals with a rate
RR4 = np.round(60000/hr(np.arange(1200)/4), 2)
case("IBI at a rate that its name tells", table("IBI_4Hz", [[v] for v in RR4]), f"{R} {A}", refused)
case("IBI in s at a rate that was said", table("IBI", [[v/1000] for v in RR4]), f"--signal rr --unit s --rate 4 {A}", sig("heart_rate", 4, hr, 300, tol=0.01))
case("IBI of two at a rate that was said", table("IBI_a,IBI_b", [[v, round(60000/hr(k/4, 1), 2)] for k, v in enumerate(RR4)]), "--signal rr --unit ms --rate 4", sig("heart_rate", 4, hr, 300, persons=2, tol=0.01))
case("beats with the rate of their ECG", {"a.txt": lines(rows=[[int(r)] for r in RRS])}, f"{R} {A} --rate 1000", refused)
case("intervals in samples", {"a.txt": lines(rows=[[round(r/4)] for r in RRS])}, f"--signal rr --unit 's/250' {A}", beats(np.round(RRS/4).sum()/250, 301, 0))
case("mean RR of each half minute", table("epoch,meanRR", [[k+1, 850+k % 7] for k in range(40)]), f"{R} {A}", refused)
case("mean RR of each half minute with times", table("time_s,meanRR", [[30*k, 850+k % 7] for k in range(40)]), f"{R} {A}", refused)
# Resistance and what is no conductance
case("skin resistance without a unit", table("time_s,Skin Resistance", [[k, round(1000/eda(k), 4)] for k in range(N)]), f"{E} {A}", refused)
case("resistance with an open circuit", table("time_s,GSR (kOhm)", [[k, 0 if 100 <= k < 106 else round(1000/eda(k), 5)] for k in range(N)]), f"{E} {A}", sig("eda", 1, eda, N, holes=[(100, 106)], tol=2e-3))
case("resistance that is infinite", table("time_s,GSR (kOhm)", [[k, "Inf" if 100 <= k < 106 else round(1000/eda(k), 5)] for k in range(N)]), f"{E} {A}", sig("eda", 1, eda, N, holes=[(100, 106)], tol=2e-3))
for label, values in (
    ("EDA (log µS)", np.round(np.log(eda(np.arange(N))), 4)), ("EDA [%]", np.round(10*eda(np.arange(N)), 2)), ("EDA_z", np.round((eda(np.arange(N))-5)/1.1, 4)),
    ("EDA (raw ADC)", np.round(100*eda(np.arange(N)))), ("EDA normalised", np.round((eda(np.arange(N))-3)/4, 4)), ("GSR (V)", np.round(eda(np.arange(N))/5, 4)),
):
    case(f"no conductance: {label}", table(f"time_s,{label}", [[k, v] for k, v in enumerate(values)]), f"{E} {A}", refused)
# Archives
case("a tar", {"a.tar.gz": tarred({"a.csv": PLAIN})}, f"{H} {A}", refused)
case("7z", {"a.7z": b"7z\xbc\xaf\x27\x1c"+bytes(200)}, f"{H} {A}", refused)
case("rar", {"a.rar": b"Rar!\x1a\x07\x01\x00"+bytes(200)}, f"{H} {A}", refused)
case("zstd", {"a.csv.zst": b"\x28\xb5\x2f\xfd"+bytes(200)}, f"{H} {A}", refused)
case("a zip in a zip", {"a.zip": zipped({"inner.zip": b"PK\x05\x06"+bytes(18)})}, f"{H} {A}", refused)
case("a zip with a note beside the table", {"a.zip": zipped({"a.csv": PLAIN, "README.txt": b"Recorded by us.\n"})}, f"{H} {A}", refused)
case("a zip with what systems add", {"a.zip": zipped({"x/a.csv": PLAIN, "x/.DS_Store": bytes(9), "x/Thumbs.db": bytes(9)})}, f"{H} {A}", one)
case("a gzip that is cut off", {"a.csv.gz": gzip.compress(PLAIN)[:-40]}, f"{H} {A}", refused)
case("a gzip of UTF-16", {"a.csv.gz": gzip.compress(table("time_s,hr", enc="utf-16"))}, f"{H} {A}", one)
case("a gzip in a zip", {"a.zip": zipped({"a.csv.gz": gzip.compress(PLAIN)})}, f"{H} {A}", refused)
