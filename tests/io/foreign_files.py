"""Files as devices, apps and spreadsheets write them; the right answer was written beside each before it was read.

`FILES` holds them by name: the files, the words that a person would say about them, and what is right: a check of the session that they
come to, or None where nothing else is right. The kinds were drawn up by somebody who wanted to be misread.
"""

from __future__ import annotations

import bz2
import datetime
import gzip
import json
import lzma
import shlex
import zipfile
from dataclasses import dataclass

import numpy as np
import openpyxl
from scipy.interpolate import CubicSpline

N = 300
START = datetime.datetime(2026, 5, 24, 13, 58, 30)  # noqa: DTZ001 - as devices write it
H, E, R, A = "--signal heart_rate", "--signal eda", "--signal rr --unit ms", "--person ada"
CLOCKS_BACK = datetime.datetime(2026, 10, 25, 2, 58)  # noqa: DTZ001 - as devices write it


@dataclass(frozen=True)
class Foreign:
    """Files, what is said of them, and the check of what they come to; None where they must be refused."""

    files: dict
    words: list
    check: object


FILES = {}


def case(name, files, words, check, outcome="read"):
    FILES[name] = Foreign(files, shlex.split(words), None if outcome == "refuse" else check)


def hr(t, p=0):
    return np.round(70 + 10 * p + 8 * np.sin(t / 20 + p) + 3 * np.sin(t / 3), 1)


def eda(t, p=0):
    return np.round(5 + 3 * p + 1.5 * np.sin(t / 30 + p) + 0.3 * np.sin(t / 4), 3)


_BEATS = np.arange(300)
_NOISE = 15 * np.random.default_rng(3).standard_normal(300)
RRS = np.round(850 + 60 * np.sin(0.9 * _BEATS) + 40 * np.sin(0.13 * _BEATS) + _NOISE)
ENDS = np.cumsum(RRS) / 1000


def lines(*head, rows, sep=",", end="\n", enc="utf-8", last=True):
    """Write a table as bytes."""
    body = end.join([*head, *(sep.join(map(str, row)) for row in rows)])
    return (body + (end if last else "")).encode(enc)


def sig(channel, rate, values, length, persons=1, holes=(), tol=1e-6):
    """Return a check of a signal: its rate, length, each value, and spans (s) in which nothing may be made up."""

    def check(session):
        assert len(session.recordings) == persons
        for p, recording in enumerate(session.recordings):
            signal = recording.signals[channel]
            assert abs(signal.rate / rate - 1) < 1e-3
            assert abs(signal.window.length - length) <= 1.01 / rate
            t = np.arange(len(signal.values)) / signal.rate
            hole = np.zeros(len(t), bool)
            for first, last in holes:
                hole |= (t >= first - 1e-9) & (t < last - 1e-9)
            np.testing.assert_allclose(signal.values[~hole], values(t, p)[~hole], atol=tol)
            assert np.isnan(signal.values[hole]).all()

    return check


def beats(span, n=None, breaks=None):
    """Return a check of beats: the time from first to last (s), their number, their gaps."""

    def check(session):
        (recording,) = session.recordings
        own = recording.beats
        assert abs(float(own.times[-1] - own.times[0]) - span) <= 0.05
        assert n in (None, len(own))
        assert breaks in (None, int(own.breaks.sum()) - 1)

    return check


def tells(*codes):
    """Return a check that one of these is told."""

    def check(session):
        assert {remark.code for remark in session.remarks} & set(codes)

    return check


def rated(channel, rate):
    """Return a check of a signal's rate alone."""

    def check(session):
        assert abs(session.recordings[0].signals[channel].rate / rate - 1) < 1e-6

    return check


refuse = None

# fmt: off
t = np.arange(N, dtype=float)
def at(s, form='%Y-%m-%d %H:%M:%S'):
    return (START+datetime.timedelta(seconds=float(s))).strftime(form)
def hms(s, dec=3):
    return f'{int(s)//3600:d}:{int(s)%3600//60:02d}:{s%60:0{3+dec}.{dec}f}'
one = sig('heart_rate',1,hr,N)
# --- Polar Flow
polar_head = ['Name,Sport,Date,Start time,Duration,Total distance (km),Average heart rate (bpm),HR sit','Ada,OTHER,24-05-2026,13:58:30,00:05:00,,70,','Sample rate,Time,HR (bpm),Speed (km/h),Pace (min/km),Cadence,Altitude (m),']
case('Polar Flow csv', {'a.csv': lines(*polar_head, rows=[[('1' if k==0 else ''), f'00:{k//60:02d}:{k%60:02d}', int(hr(k)), '', '', '', '', ''][:8] for k in range(N)])}, f'{H} {A}', sig('heart_rate',1,lambda t,p: np.floor(hr(t)),N))
# --- Kubios two columns headless
case('Kubios time and RR in s without header', {'a.txt': lines(rows=[[f'{e:.3f}',f'{r/1000:.3f}'] for e,r in zip(ENDS, RRS, strict=True)], sep='\t')}, f'--signal rr --unit s {A}', beats(RRS.sum()/1000, 301, 0))
lost = ENDS + np.where(np.arange(300)>=150, 60, 0)
case('Kubios headless with a gap', {'a.txt': lines(rows=[[f'{e:.3f}',f'{r/1000:.3f}'] for e,r in zip(lost, RRS, strict=True)], sep='\t')}, f'--signal rr --unit s {A}', beats(RRS.sum()/1000+60, 302, 1))
case('headless dates and RR', {'a.csv': lines(rows=[[at(e,'%Y-%m-%d %H:%M:%S.%f')[:-3], int(r)] for e,r in zip(lost, RRS, strict=True)])}, f'{R} {A}', beats(RRS.sum()/1000+60, 302, 1))
case('Elite HRV txt', {'a.txt': lines(rows=[[int(r)] for r in RRS], end='\r\n')+b'\r\n\r\n'}, f'{R} {A}', beats(RRS.sum()/1000,301,0))
case('RR one line comma separated', {'a.txt': (','.join(str(int(r)) for r in RRS)+'\n').encode()}, f'{R} {A}', beats(RRS.sum()/1000,301,0))
case('RR one line space separated', {'a.txt': (' '.join(str(int(r)) for r in RRS)+'\n').encode()}, f'{R} {A}', beats(RRS.sum()/1000,301,0))
# --- E4
T0 = START.replace(tzinfo=datetime.UTC).timestamp()
case('E4 EDA.csv alone', {'EDA.csv': lines(f'{T0:.6f}','4.000000',rows=[[f'{eda(k/4):.6f}'] for k in range(1200)])}, f'{E} {A}', sig('eda',4,eda,300))
case('E4 HR.csv alone renamed', {'hr.csv': lines(f'{T0:.6f}','1.000000',rows=[[f'{hr(k):.2f}'] for k in range(N)])}, f'{H} {A}', one)
case('E4 IBI.csv alone', {'IBI.csv': lines(f'{T0:.6f}, IBI',rows=[[f'{e:.6f}',f'{r/1000:.6f}'] for e,r in zip(lost, RRS, strict=True)])}, f'--signal rr --unit s {A}', beats(RRS.sum()/1000+60,302,1))
# --- EmbracePlus
def iso(s):
    return at(s,'%Y-%m-%dT%H:%M:%SZ')
case('EmbracePlus biomarkers csv', {'1-1_eda.csv': lines('timestamp_unix,timestamp_iso,participant_full_id,eda_scl_usiemens,missing_value_reason',rows=[[int(1000*(T0+60*k)), iso(60*k), 'abc-1-1-1', '' if 50<=k<60 else f'{eda(60*k):.3f}', 'device_not_recording' if 50<=k<60 else ''] for k in range(180)])}, f'{E} {A}', sig('eda',1/60,eda,180*60,holes=[(3000,3600)]))
case('EmbracePlus raw csv in µs', {'eda.csv': lines('unix_timestamp,eda',rows=[[int(1e6*(T0+k/4)), f'{eda(k/4):.3f}'] for k in range(1200)])}, f'{E} {A}', sig('eda',4,eda,300))
# --- Movesense
case('Movesense rr json rows', {'rr.csv': lines('timestamp,average,rrData',rows=[[1000*k, 70.1, f'[{int(RRS[k])}]'] for k in range(N)])}, f'{R} {A}', refuse, 'refuse')
# --- LabChart
lc = ['Interval=\t0.25 s','ExcelDateTime=\t4.6166e+04\t24/05/2026 13:58:30.000','TimeFormat=\tStartOfBlock','DateFormat=\t','ChannelTitle=\tEDA\tHR','Range=\t20 µS\t*']
case('LabChart h:mm:ss comma', {'a.txt': lines(*lc, rows=[[hms(k/4).replace('.',','), f'{eda(k/4):.3f}'.replace('.',','), f'{hr(k/4):.1f}'.replace('.',',') + ('\t#* hard' if k==40 else '')] for k in range(1200)], sep='\t', enc='cp1252', end='\r\n')}, f'{E} {A} --column EDA', sig('eda',4,eda,300))
case('LabChart no header, time column', {'a.txt': lines(rows=[[f'{k/4:.2f}', f'{eda(k/4):.3f}'] for k in range(1200)], sep='\t')}, f'{E} {A}', sig('eda',4,eda,300))
# --- AcqKnowledge
acq = ['pair01.acq','0.25 sec/sample','2 channels','EDA','microsiemens','HR','BPM','sec\tCH1\tCH2\t','\t1200\t1200\t']
case('AcqKnowledge sec', {'a.txt': lines(*acq, rows=[[f'{k/4:g}', f'{eda(k/4):.3f}', f'{hr(k/4):.1f}',''] for k in range(1200)], sep='\t')}, f'{E} {A}  --column EDA', sig('eda',4,eda,300))
case('AcqKnowledge comma decimals min', {'a.txt': lines('pair01.acq','250 msec/sample',*acq[2:7],'min\tCH1\tCH2\t',acq[8], rows=[[f'{k/240:.6f}'.replace('.',','), f'{eda(k/4):.3f}'.replace('.',','), f'{hr(k/4):.1f}'.replace('.',','),''] for k in range(1200)], sep='\t')}, f'{E} {A}  --column EDA', sig('eda',4,eda,300))
case('AcqKnowledge csv', {'a.csv': lines('pair01.acq','0.25 sec/sample','2 channels','EDA,','microsiemens','HR,','BPM','sec,CH1,CH2,',',1200,1200,', rows=[[f'{k/4:g}', f'{eda(k/4):.3f}', f'{hr(k/4):.1f}',''] for k in range(1200)])}, f'{E} {A}  --column EDA', sig('eda',4,eda,300))
# --- languages
case('German header', {'a.csv': lines('Zeit [s];Hautleitwert [µS];Puls',rows=[[f'{k/4:.2f}'.replace('.',','), f'{eda(k/4):.3f}'.replace('.',','), f'{hr(k/4):.1f}'.replace('.',',')] for k in range(1200)],sep=';',enc='cp1252',end='\r\n')}, f'{E} {A}', sig('eda',4,eda,300))
case('German header, two people HR', {'a.csv': lines('Zeit (s);HF Ada;HF Ben',rows=[[k, f'{hr(k):.1f}'.replace('.',','), f'{hr(k,1):.1f}'.replace('.',',')] for k in range(N)],sep=';')}, f'{H}', sig('heart_rate',1,hr,N,persons=2))
case('French with gap and time col', {'a.csv': lines('temps (s);fréquence cardiaque (bpm)',rows=[[k if k<100 else k+60, f'{hr(k if k<100 else k+60):.1f}'.replace('.',',')] for k in range(N)],sep=';',enc='cp1252')}, f'{H} {A}', sig('heart_rate',1,hr,N+60,holes=[(100,160)]))
case('Spanish no unit', {'a.csv': lines('tiempo;FC',rows=[[k if k<100 else k+60, f'{hr(k if k<100 else k+60):.1f}'.replace('.',',')] for k in range(N)],sep=';')}, f'{H} {A}', sig('heart_rate',1,hr,N+60,holes=[(100,160)]))
case('German RR with gap', {'a.csv': lines('Zeit;RR',rows=[[f'{e:.3f}'.replace('.',','), int(r)] for e,r in zip(lost, RRS, strict=True)],sep=';')}, f'{R} {A}', beats(RRS.sum()/1000+60,302,1))
case('Chinese header', {'a.csv': lines('时间(秒),心率',rows=[[k, hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('UTF-16 without BOM', {'a.csv': lines('time_s,hr',rows=[[k, hr(k)] for k in range(N)],enc='utf-16-le')}, f'{H} {A}', one)
case('UTF-16 BE with BOM', {'a.csv': b'\xfe\xff'+lines('time_s\thr',rows=[[k, hr(k)] for k in range(N)],sep='\t',enc='utf-16-be')}, f'{H} {A}', one)
case('GBK header', {'a.csv': lines('时间(s),心率',rows=[[k, hr(k)] for k in range(N)],enc='gbk')}, f'{H} {A}', one)
# --- Excel
def book(rows, merges=()):
    def write(path):
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        for row in rows:
            sheet.append(row)
        for cells in merges:
            sheet.merge_cells(cells)
        workbook.save(path)
    return write
case('Excel merged headers', {'a.xlsx': book([[None,'Ada',None,'Ben',None],['time_s','HR','EDA','HR','EDA'],*[[k,float(hr(k)),float(eda(k)),float(hr(k,1)),float(eda(k,1))] for k in range(N)]],['B1:C1','D1:E1'])}, f'{H} --person ada=1 --person ben=3', sig('heart_rate',1,hr,N,persons=2))
case('Excel merged headers not told who', {'a.xlsx': book([[None,'Ada',None,'Ben',None],['time_s','HR','EDA','HR','EDA'],*[[k,float(hr(k)),float(eda(k)),float(hr(k,1)),float(eda(k,1))] for k in range(N)]],['B1:C1','D1:E1'])}, f'{H}', refuse,'refuse')
td = datetime.timedelta
case('Excel elapsed time cells', {'a.xlsx': book([['Time','HR'],*[[td(seconds=k),float(hr(k))] for k in range(N)]])}, f'{H} {A}', one)
case('Excel elapsed beyond a day', {'a.xlsx': book([['Time','HR'],*[[td(hours=23,minutes=58,seconds=k),float(hr(k))] for k in range(N)]])}, f'{H} {A}', one)
case('Excel time of day cells', {'a.xlsx': book([['Time','HR'],*[[(START+td(seconds=k)).time(),float(hr(k))] for k in range(N)]])}, f'{H} {A}', one)
case('Excel dates and times apart', {'a.xlsx': book([['Date','Time','HR'],*[[START.date(),(START+td(seconds=k)).time(),float(hr(k))] for k in range(N)]])}, f'{H} {A}', one)
case('Excel notes below', {'a.xlsx': book([['time_s','HR'],*[[k,float(hr(k))] for k in range(N)],[None,None],['mean',70.3]])}, f'{H} {A}', one)
case('Excel title above', {'a.xlsx': book([['Session 7'],[],['time_s','HR'],*[[k,float(hr(k))] for k in range(N)]])}, f'{H} {A}', one)
case('Excel error cells', {'a.xlsx': book([['time_s','HR'],*[[k,'#DIV/0!' if 20<=k<30 else float(hr(k))] for k in range(N)]])}, f'{H} {A}', sig('heart_rate',1,hr,N,holes=[(20,30)]))
case('Excel numbers as text', {'a.xlsx': book([['time_s','HR'],*[[str(k),f'{hr(k)}'.replace('.',',')] for k in range(N)]])}, f'{H} {A}', one)
# --- times
case('m:ss plain', {'a.csv': lines('time,hr',rows=[[f'{k//60}:{k%60:02d}', hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('m:ss above an hour', {'a.csv': lines('time,hr',rows=[[f'{k//60}:{k%60:02d}', hr(k)] for k in range(4000)])}, f'{H} {A}', sig('heart_rate',1,hr,4000))
case('h:mm:ss.sss', {'a.csv': lines('Elapsed,eda',rows=[[hms(k/4), eda(k/4)] for k in range(1200)])}, f'{E} {A}', sig('eda',4,eda,300))
case('m:ss then h:mm:ss', {'a.csv': lines('time,hr',rows=[[(f'{k//60}:{k%60:02d}' if k<3600 else f'{k//3600}:{k%3600//60:02d}:{k%60:02d}'), hr(k)] for k in range(4000)])}, f'{H} {A}', sig('heart_rate',1,hr,4000))
case('hh:mm:ss:mmm', {'a.csv': lines('time,eda',rows=[[hms(k/4).replace('.',':'), eda(k/4)] for k in range(1200)])}, f'{E} {A}', sig('eda',4,eda,300))
case('AM PM Spanish', {'a.csv': lines('hora;FC',rows=[[at(k,'%I:%M:%S')+' p. m.', f'{hr(k)}'.replace('.',',')] for k in range(N)],sep=';')}, f'{H} {A}', one)
case('AM PM over noon', {'a.csv': lines('time,hr',rows=[[(START.replace(hour=11)+td(seconds=k)).strftime('%I:%M:%S %p').lstrip('0'), hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('two digit year', {'a.csv': lines('time,hr',rows=[[at(k,'%d/%m/%y %H:%M:%S'), hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('two digit year US', {'a.csv': lines('time,hr',rows=[[at(k,'%m/%d/%y %I:%M:%S %p'), hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('date and time columns', {'a.csv': lines('date,time,hr',rows=[[at(k,'%Y-%m-%d'),at(k,'%H:%M:%S'), hr(k)] for k in range(N)])}, f'{H} {A}', one)
mid = START.replace(hour=23)
case('date and time columns over midnight', {'a.csv': lines('Date;Time;HR',rows=[[(mid+td(seconds=k)).strftime('%d.%m.%Y'),(mid+td(seconds=k)).strftime('%H:%M:%S'), hr(k)] for k in range(N)],sep=';')}, f'{H} {A}', one)
def two(k):
    return START + td(days=k//150, seconds=k%150)
case('date and time columns two days', {'a.csv': lines('date,time,hr',rows=[[two(k).strftime('%Y-%m-%d'),two(k).strftime('%H:%M:%S'), hr(k)] for k in range(N)])}, f'{H} {A}', refuse, 'refuse')
case('time col and ms col', {'a.csv': lines('time,ms,eda',rows=[[at(k/4,'%H:%M:%S'), k%4*250, eda(k/4)] for k in range(1200)])}, f'{E} {A} --column eda', sig('eda',4,eda,300))
for unit, size, head in (('s',1,'timestamp'),('ms',1e3,'timestamp'),('µs',1e6,'timestamp'),('ns',1e9,'timestamp'),('ns',1e9,'unix_ns')):
    case(f'unix {unit} {head}', {'a.csv': lines(f'{head},hr',rows=[[int(size)*int(T0+k), hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('unix ns without a header', {'a.csv': lines(rows=[[10**9*int(T0+k), hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('unix ms as float exponent', {'a.csv': lines('timestamp,hr',rows=[[f'{1e3*(T0+k):.4e}', hr(k)] for k in range(N)])}, f'{H} {A}', refuse,'refuse')
case('ISO with week zone mixed', {'a.csv': lines('time,hr',rows=[[at(k,'%Y-%m-%dT%H:%M:%S')+('+02:00' if k<150 else '+0200'), hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('ISO UTC word', {'a.csv': lines('time,hr',rows=[[at(k)+' UTC', hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('ISO with +0000', {'a.csv': lines('time,hr',rows=[[at(k)+' +0000', hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('US long', {'a.csv': lines('time,hr',rows=[['"'+at(k,'%b %d, %Y %I:%M:%S %p')+'"', hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('DST local goes back', {'a.csv': lines('time,hr',rows=[[(CLOCKS_BACK+td(seconds=k-(3600 if k>=120 else 0))).strftime('%Y-%m-%d %H:%M:%S'), hr(k)] for k in range(N)])}, f'{H} {A}', refuse,'refuse')
case('restarted clock', {'a.csv': lines('time_s,hr',rows=[[k%150, hr(k)] for k in range(N)])}, f'{H} {A}', refuse,'refuse')
case('restarted clock with rate', {'a.csv': lines('time_s,hr',rows=[[k%150, hr(k)] for k in range(N)])}, f'{H} {A} --rate 1', refuse,'refuse')
case('restarted RR clock', {'a.csv': lines('time_s,rr',rows=[[f'{ENDS[k%150]:.3f}', int(RRS[k])] for k in range(N)])}, f'{R} {A}', refuse,'refuse')
perm = np.arange(N)
perm[100],perm[101]=101,100
case('two rows swapped', {'a.csv': lines('time_s,hr',rows=[[k, hr(k)] for k in perm])}, f'{H} {A}', refuse,'refuse')
case('descending', {'a.csv': lines('time,hr',rows=[[at(k), hr(k)] for k in range(N)][::-1])}, f'{H} {A}', one)
case('descending without time', {'a.csv': lines('time,hr',rows=[[at(k,'%H:%M:%S'), hr(k)] for k in range(N)][::-1])}, f'{H} {A}', one)

one = sig('heart_rate',1,hr,N)
RR300 = beats(RRS.sum()/1000,301,0)
def at(s, form='%Y-%m-%d %H:%M:%S'):
    return (START+datetime.timedelta(seconds=float(s))).strftime(form)
# --- intervals
ticks = [round(r*1.024) for r in RRS]
case('RR in 1/1024 s said', {'a.txt': lines(rows=[[x] for x in ticks])}, f'--signal rr --unit "1/1024 s" {A}', beats(sum(ticks)/1024,301,0))
case('RR in 1/1024 s taken for ms', {'a.txt': lines('rr [1/1024 s]',rows=[[x] for x in ticks])}, f'--signal rr {A}', beats(sum(ticks)/1024,301,0))
case('RR header ms said s', {'a.txt': lines('RR [ms]',rows=[[int(x)] for x in RRS])}, f'--signal rr --unit s {A}', refuse, 'refuse')
case('RR ms header', {'a.csv': lines('rr_ms',rows=[[int(x)] for x in RRS])}, f'--signal rr {A}', RR300)
case('RR with unit in cells', {'a.txt': lines(rows=[[f'{int(x)} ms'] for x in RRS])}, f'{R} {A}', RR300)
ibi4 = CubicSpline(ENDS, RRS)(np.arange(ENDS[0], ENDS[-1], .25))
case('IBI resampled at 4 Hz, nothing said', {'a.txt': lines('ibi',rows=[[f'{x:.2f}'] for x in ibi4])}, f'{R} {A}', tells('read.maybe-resampled'))
case('IBI resampled at 4 Hz, comment says it', {'a.txt': lines('# fs = 4 Hz','ibi',rows=[[f'{x:.2f}'] for x in ibi4])}, f'{R} {A}', refuse, 'refuse')
case('IBI resampled pair, nothing said', {'a.csv': lines('ibi_a,ibi_b',rows=[[f'{x:.2f}',f'{x+20:.2f}'] for x in ibi4])}, f'{R} --person ada=ibi_a --person ben=ibi_b', tells('read.maybe-resampled'))
case('IBI at 4 Hz stamped', {'a.csv': lines('t (s),ibi',rows=[[f'{k/4:.2f}',f'{x:.2f}'] for k,x in enumerate(ibi4)])}, f'{R} {A}', rated('heart_rate', 4))
lost = ENDS + np.where(np.arange(300)>=150, 60, 0)
bad = RRS.copy()
bad[[40, 41, 42, 200]] = 0, 0, 0, -1
case('RR zeros with stamps are told', {'a.csv': lines('time_s,rr',rows=[[f'{e:.3f}',int(r)] for e,r in zip(ENDS, bad, strict=True)])}, f'{R} {A}', tells('read.intervals-left-out'))
# BioHarness: alternating sign, repeated each 18 ms
tt=np.arange(0, ENDS[-1], .018)
idx=np.searchsorted(ENDS, tt, side='right')-1
case('BioHarness RR alternating sign', {'a.csv': lines('Time,RtoR',rows=[[f'{x:.3f}', int(RRS[max(i,0)])*(1 if i%2 else -1)] for x,i in zip(tt, idx, strict=True)])}, f'{R} {A} --time-column 0 --time-unit s', refuse,'refuse')
case('BioHarness RR sign once per beat', {'a.csv': lines('time_s,RtoR',rows=[[f'{e:.3f}', int(r)*(1 if i%2 else -1)] for i,(e,r) in enumerate(zip(ENDS, RRS, strict=True))])}, f'{R} {A}', refuse,'refuse')
case('RR sign alternating no stamps', {'a.txt': lines(rows=[[int(r)*(1 if i%2 else -1)] for i,r in enumerate(RRS)])}, f'{R} {A}', refuse,'refuse')
case('RR repeated each second', {'a.csv': lines('time_s,rr',rows=[[k, int(RRS[np.searchsorted(ENDS,k)])] for k in range(250)])}, f'{R} {A}', rated('heart_rate', 1))
case('beat number and RR', {'a.csv': lines('beat,rr',rows=[[i+1,int(r)] for i,r in enumerate(RRS)])}, f'{R} {A}', RR300)
case('beat number and RR, headless', {'a.csv': lines(rows=[[i+1,int(r)] for i,r in enumerate(RRS)])}, f'{R} {A}', RR300)
case('beat times as RR', {'a.txt': lines(rows=[[f'{e:.3f}'] for e in ENDS])}, f'--signal rr --unit s {A}', refuse,'refuse')
case('RR with artefact flag col', {'a.csv': lines('rr,artifact',rows=[[int(r),int(i%50==0)] for i,r in enumerate(RRS)])}, f'{R} {A}', RR300)
case('rdann text', {'a.txt': lines(rows=[[f'    0:{e:06.3f} {int(e*360):8d}     N    0    0    0'] for e in ENDS[:60]])}, f'--signal beats --unit s {A}', refuse,'refuse')
case('ann2rr -c', {'a.txt': lines(rows=[[f'{r/1000:.3f} N'] for r in RRS])}, f'--signal rr --unit s {A}', RR300)
case('rdsamp csv', {'a.csv': lines("'Elapsed time','ECG'","'hh:mm:ss.mmm','mV'",rows=[[f"'0:{k/250:06.3f}'",f'{np.sin(k/40)**21:.3f}'] for k in range(5000)])}, f'--signal ecg --unit mV {A}', rated('ecg', 250))
# --- people
case('wide, unit row, by plain name', {'a.csv': lines('Time,HR ada,EDA ada,HR ben,EDA ben','s,bpm,uS,bpm,uS',rows=[[k,hr(k),eda(k),hr(k,1),eda(k,1)] for k in range(N)])}, f'{H} --person "ada=HR ada" --person "ben=HR ben"', sig('heart_rate',1,hr,N,persons=2))
case('wide HR and EDA nobody named', {'a.csv': lines('time_s,HR_a,EDA_a,HR_b,EDA_b',rows=[[k,hr(k),eda(k),hr(k,1),eda(k,1)] for k in range(N)])}, f'{H}', refuse,'refuse')
case('wide HR and resp nobody named', {'a.csv': lines('time_s,HR_a,Temp_a,HR_b,Temp_b',rows=[[k,hr(k),33+.01*k/N,hr(k,1),34] for k in range(N)])}, f'{H}', refuse,'refuse')
case('one person two columns plus label', {'a.csv': lines('time_s,HR,steps',rows=[[k,hr(k),60+k%9] for k in range(N)])}, f'{H}', refuse,'refuse')
case('long two measures', {'a.csv': lines('time_s,person,measure,value',rows=[[k,'ab'[p],m,(hr if m=='HR' else eda)(k,p)] for k in range(N) for p in (0,1) for m in ('HR','EDA')])}, f'{H} --long --person-column person --value-column value', refuse,'refuse')
case('long two measures with rate', {'a.csv': lines('person,measure,value',rows=[['ab'[p],m,(hr if m=='HR' else lambda t,p: 60+eda(t,p))(k,p)] for k in range(N) for p in (0,1) for m in ('HR','EDA')])}, f'{H} --long --person-column person --value-column value --rate 1', refuse,'refuse')
case('long no time, interleaved, trials', {'a.csv': lines('person,trial,hr',rows=[['ab'[p],tr,hr(k+100*tr,p)] for tr in range(3) for k in range(100) for p in (0,1)])}, f'{H} --long --person-column person --value-column hr --rate 1', sig('heart_rate',1,hr,N,persons=2))
case('long with time restarts per trial', {'a.csv': lines('person,trial,time_s,hr',rows=[['ab'[p],tr,k,hr(k+100*tr,p)] for tr in range(3) for k in range(100) for p in (0,1)])}, f'{H} --long --person-column person --value-column hr', refuse,'refuse')
case('long ok', {'a.csv': lines('dyad,person,time_s,hr',rows=[[d,'ab'[p],k,hr(k,p)] for d in (1,2) for p in (0,1) for k in range(N)])}, f'{H} --long --person-column person --pair-column dyad --value-column hr', sig('heart_rate',1,hr,N,persons=2))
case('long without pair column', {'a.csv': lines('dyad,person,time_s,hr',rows=[[d,'ab'[p],k,hr(k,p)] for d in (1,2) for p in (0,1) for k in range(N)])}, f'{H} --long --person-column person --value-column hr', refuse,'refuse')
case('long without pair column, rate', {'a.csv': lines('dyad,person,hr',rows=[[d,'ab'[p],hr(k,p)] for d in (1,2) for p in (0,1) for k in range(N)])}, f'{H} --long --person-column person --value-column hr --rate 1', refuse,'refuse')
case('wide stacked dyads without pair', {'a.csv': lines('dyad,hr_a,hr_b',rows=[[d,hr(k),hr(k,1)] for d in (1,2) for k in range(N)])}, f'{H} --person a=hr_a --person b=hr_b --rate 1', refuse,'refuse')
case('duplicate names', {'a.csv': lines('time_s,HR,HR',rows=[[k,hr(k),hr(k,1)] for k in range(N)])}, f'{H}', sig('heart_rate',1,hr,N,persons=2))
case('duplicate names by name', {'a.csv': lines('time_s,HR,HR',rows=[[k,hr(k),hr(k,1)] for k in range(N)])}, f'{H} --person ada=HR', refuse,'refuse')
case('two time columns', {'a.csv': lines('time_s,HR_a,time_s,HR_b',rows=[[k,hr(k),k+5,hr(k+5,1)] for k in range(N)])}, f'{H} --person ada=HR_a --person ben=HR_b', refuse,'refuse')
case('two time columns named', {'a.csv': lines('t_a (s),HR_a,t_b (s),HR_b',rows=[[k,hr(k),k+5,hr(k+5,1)] for k in range(N)])}, f'{H} --person ada=HR_a --person ben=HR_b', refuse,'refuse')
case('two stamp columns start end', {'a.csv': lines('start,end,hr',rows=[[at(k),at(k+1),hr(k)] for k in range(N)])}, f'{H} {A} --column hr', one)
# --- missing
spell = ['NaN','nan','NA','N/A','#N/A','NULL','None','-','--','.','?','*','<NA>','NaT','#DIV/0!','#VALUE!','#NV','-nan','-nan(ind)','1.#QNAN','-1.#IND','nan(ind)','x','missing','n.a.','k.A.','not worn','off','-inf','Inf','“”','""',"''",' ','#REF!','NaN;'[:3],'undefined','(null)','No data','---','error']
for s in spell:
    case(f'missing spelt {s!r}', {'a.csv': lines('time_s,hr',rows=[[k, s if 100<=k<103 else hr(k)] for k in range(N)])}, f'{H} {A}', sig('heart_rate',1,hr,N,holes=[(100,103)]))
for ch, code, fn in (('heart_rate',-1,hr),('heart_rate',0,hr),('heart_rate',999,hr),('heart_rate',65535,hr),('heart_rate',9999,hr),('heart_rate',255,hr),('heart_rate',1,hr),('heart_rate',-100,hr),('heart_rate',300,hr),
  ('eda',-1,eda),('eda',-99,eda),('eda',-9,eda),('eda',0,eda),('eda',999,eda),('eda',99999,eda),('eda',-32768,eda),('eda',1e10,eda),('eda',1e30,eda),('eda',-3.4e38,eda),('eda',100,eda),('eda',-100,eda),('eda',-1000,eda),('eda',99.99,eda),('eda',999.9,eda),('eda',-9999.9,eda),('eda',8888,eda),('eda',16777215,eda),('eda',4095,eda)):
    case(f'{ch} missing as {code:g}', {'a.csv': lines('time_s,v',rows=[[k, f'{code:g}' if 100<=k<106 else fn(k)] for k in range(N)])}, f'--signal {ch} {A}', sig(ch,1,fn,N,holes=[(100,106)]))
case('resp -1', {'a.csv': lines('time_s,v',rows=[[k, -1 if 100<=k<106 else 500+hr(k)] for k in range(N)])}, f'--signal resp {A}', sig('resp',1,lambda t,p: 500+hr(t),N,holes=[(100,106)]))
case('rating 99 of 1..7', {'a.csv': lines('time_s,v',rows=[[k, 99 if 100<=k<106 else 1+k%7] for k in range(N)])}, f'--signal rating {A}', sig('rating',1,lambda t,p: 1+t%7,N,holes=[(100,106)]))
case('two codes', {'a.csv': lines('time_s,v',rows=[[k, -999 if 100<=k<103 else 9999 if 103<=k<106 else eda(k)] for k in range(N)])}, f'--signal eda {A}', sig('eda',1,eda,N,holes=[(100,106)]))
# --- decimals
def lostdec(v):
    return str(v).replace('.','')
case('decimal sign lost', {'a.csv': lines('time_s,eda',rows=[[k, lostdec(eda(k))] for k in range(N)])}, f'{E} {A}', refuse,'refuse')
case('decimal comma in csv of commas', {'a.csv': lines('time_s,hr',rows=[[k, f'{hr(k)}'.replace('.',',')] for k in range(N)])}, f'{H} {A}', refuse,'refuse')
case('quoted decimal commas', {'a.csv': lines('"time_s","hr"',rows=[[f'"{k},0"', '"'+f'{hr(k)}'.replace('.',',')+'"'] for k in range(N)])}, f'{H} {A}', one)
case('points part thousands', {'a.csv': lines('time_s;eda',rows=[[k, f'{1000+eda(k)*100:,.2f}'.replace(',','#').replace('.',',').replace('#','.')] for k in range(N)],sep=';')}, f'--signal glow --unit a.u. {A}', sig('glow',1,lambda t,p: np.round(1000+eda(t)*100,2),N))
case('Swiss thousands', {'a.csv': lines('time_s;v',rows=[[k, f'{1000+eda(k)*100:,.2f}'.replace(',',"'")] for k in range(N)],sep=';')}, f'--signal glow --unit a.u. {A}', sig('glow',1,lambda t,p: np.round(1000+eda(t)*100,2),N))
case('French thousands nbsp', {'a.csv': lines('time_s;v',rows=[[k, f'{1000+eda(k)*100:,.2f}'.replace(',',"\u202f").replace('.',',')] for k in range(N)],sep=';')}, f'--signal glow --unit a.u. {A}', sig('glow',1,lambda t,p: np.round(1000+eda(t)*100,2),N))
case('Fortran exponent', {'a.txt': lines('time_s hr',rows=[[f'{k:.4E}', f'{hr(k):.6E}'.replace('E','D')] for k in range(N)],sep=' ')}, f'{H} {A}', one)
case('unicode minus', {'a.csv': lines('time_s,v',rows=[[k, f'{eda(k)-5:.3f}'.replace('-','\u2212')] for k in range(N)])}, f'--signal glow --unit a.u. {A}', sig('glow',1,lambda t,p: np.round(eda(t)-5,3),N))
# --- shape
rows = [[k,hr(k)] for k in range(N)]
def cut(n):
    return lines('time_s,hr',rows=rows)[:-n]
case('last line cut in the value', {'a.csv': cut(3)}, f'{H} {A}', tells('read.last-line-cut', 'read.last-line-open'))
case('last line cut before the value', {'a.csv': cut(5)}, f'{H} {A}', tells('read.last-line-cut', 'read.last-line-open'))
case('last line cut in the time', {'a.csv': cut(7)}, f'{H} {A}', tells('read.last-line-cut', 'read.last-line-open'))
case('RR last cut', {'a.txt': lines(rows=[[int(x)] for x in RRS])[:-2]}, f'{R} {A}', tells('read.last-line-cut', 'read.last-line-open'))
case('text line in the middle', {'a.csv': lines('time_s,hr',rows=[*rows[:150],['Marker: hard moment'],*rows[150:]])}, f'{H} {A}', one)
case('marker line with comma in the middle', {'a.csv': lines('time_s,hr',rows=[*rows[:150],['Marker','hard moment'],*rows[150:]])}, f'{H} {A}', one)
case('blank lines in the middle', {'a.csv': lines('time_s,hr',rows=[*rows[:150],[''],[''],*rows[150:]])}, f'{H} {A}', one)
case('every second line blank', {'a.csv': lines('time_s,hr',rows=[r for row in rows for r in (row,[''])])}, f'{H} {A}', one)
case('header again in the middle', {'a.csv': lines('time_s,hr',rows=[*rows[:150],['time_s','hr'],*rows[150:]])}, f'{H} {A}', refuse, 'refuse')
case('hash comments above', {'a.csv': lines('# device 7','# session 2026-05-24','time_s,hr',rows=rows)}, f'{H} {A}', one)
case('hash header', {'a.txt': lines('# time_s hr',rows=rows,sep=' ')}, f'{H} {A}', one)
case('percent comments above', {'a.txt': lines('% device','% fs 1','% time_s\thr',rows=rows,sep='\t')}, f'{H} {A}', one)
case('hash comments in the middle', {'a.csv': lines('time_s,hr',rows=[*rows[:150],['# pause'],*rows[150:]])}, f'{H} {A}', one)
case('JSON line above', {'a.csv': lines('{"fs": 1}','time_s,hr',rows=rows)}, f'{H} {A}', one)
case('key value above', {'a.csv': lines('Name: ada','Rate: 1 Hz','','time_s,hr',rows=rows)}, f'{H} {A}', one)
case('key value above with commas', {'a.csv': lines('Name,ada','Rate,1','','time_s,hr',rows=rows)}, f'{H} {A}', one)
case('BioTrace', {'a.txt': lines('RAW Data export file','','Client:\tX','Session:\tY','Date:\t24-05-2026','Time:\t13:58:30','Duration:\t300 Seconds.','Output rate:\t1\tSamples/sec.','','Sensor-A:HR\tSensor-E:SC/GSR','',rows=[[hr(k),eda(k),''] for k in range(N)],sep='\t',end='\r\n')}, f'{H} {A}', one)
case('quoted header with line break', {'a.csv': lines('"time\n[s]","heart\nrate"',rows=rows)}, f'{H} {A}', one)
case('spaces round everything', {'a.csv': lines(' time_s , hr ',rows=[[f' {a} ',f' {b} '] for a,b in rows])}, f'{H} {A}', one)
case('fixed width', {'a.txt': lines('    time_s        hr',rows=[[f'{a:10.2f}{b:10.2f}'] for a,b in rows])}, f'{H} {A}', one)
case('pipe separated', {'a.txt': lines('time_s|hr',rows=rows,sep='|')}, f'{H} {A}', one)
case('markdown', {'a.txt': lines('| time_s | hr |','|---|---|',rows=[[f'| {a} | {b} |'] for a,b in rows])}, f'{H} {A}', one)
case('mixed ends', {'a.csv': lines('time_s,hr',rows=rows[:150])+lines(rows=rows[150:],end='\r\n')}, f'{H} {A}', one)
case('old mac ends', {'a.csv': lines('time_s,hr',rows=rows,end='\r')}, f'{H} {A}', one)
case('cr cr lf', {'a.csv': lines('time_s,hr',rows=rows,end='\r\r\n')}, f'{H} {A}', one)
case('NUL padded end', {'a.csv': lines('time_s,hr',rows=rows)+b'\0'*200}, f'{H} {A}', one)
case('ctrl-Z at the end', {'a.csv': lines('time_s,hr',rows=rows)+b'\x1a'}, f'{H} {A}', one)
case('sums below', {'a.csv': lines('time_s,hr',rows=[*rows,['Mean','70.2'],['SD','5.1']])}, f'{H} {A}', one)
case('sums below numbers only', {'a.csv': lines('time_s,hr',rows=[*rows,['','70.2']])}, f'{H} {A}', one)
case('sums below, RR', {'a.txt': lines(rows=[*[[int(x)] for x in RRS],[int(RRS.sum())]])}, f'{R} {A}', tells('read.sum-at-end'))
case('mean below, HR no time', {'a.txt': lines('hr',rows=[*[[x[1]] for x in rows],['Mean: 70.3']])}, f'{H} {A} --rate 1', one)
def zipped(**members):
    def write(p):
        with zipfile.ZipFile(p,'w') as z:
            for n, c in members.items():
                z.writestr(n.replace('__', '.'), c)
    return write
case('zip of one csv', {'a.zip': zipped(a__csv=lines('time_s,hr',rows=rows))}, f'{H} {A}', one)
case('csv.zip', {'a.csv.zip': zipped(a__csv=lines('time_s,hr',rows=rows))}, f'{H} {A}', one)
case('zip of two csv', {'a.zip': zipped(ada__csv=lines('time_s,hr',rows=rows),ben__csv=lines('time_s,hr',rows=rows))}, f'{H} {A}', refuse,'refuse')
case('zip of one csv with mac folder', {'a.zip': zipped(a__csv=lines('time_s,hr',rows=rows), **{'__MACOSX/._a.csv'.replace('__MACOSX','__MACOSX'): b'\0\5\x16\7'})}, f'{H} {A}', one)
case('bz2', {'a.csv.bz2': bz2.compress(lines('time_s,hr',rows=rows))}, f'{H} {A}', one)
case('xz', {'a.csv.xz': lzma.compress(lines('time_s,hr',rows=rows))}, f'{H} {A}', one)
case('gz of two members', {'a.csv.gz': gzip.compress(lines('time_s,hr',rows=rows[:150]))+gzip.compress(lines(rows=rows[150:]))}, f'{H} {A}', one)
case('gz named csv', {'a.csv': gzip.compress(lines('time_s,hr',rows=rows))}, f'{H} {A}', one)
case('xls old', {'a.xls': b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'+b'\0'*500}, f'{H} {A}', refuse,'refuse')
case('html as xls', {'a.xls': b'<html><table><tr><td>time</td><td>hr</td></tr>'+b''.join(f'<tr><td>{a}</td><td>{b}</td></tr>'.encode() for a,b in rows)+b'</table>'}, f'{H} {A}', refuse,'refuse')
case('ods', {'a.ods': zipped(mimetype='application/vnd.oasis.opendocument.spreadsheet', content__xml='<x/>')}, f'{H} {A}', refuse,'refuse')
case('tcx', {'a.tcx': b'<?xml version="1.0"?><TrainingCenterDatabase>'+b''.join(f'<Trackpoint>\n<Time>{at(a,"%Y-%m-%dT%H:%M:%SZ")}</Time>\n<HeartRateBpm><Value>{int(b)}</Value></HeartRateBpm>\n</Trackpoint>\n'.encode() for a,b in rows)+b'</TrainingCenterDatabase>'}, f'{H} {A}', refuse,'refuse')
case('json rows', {'a.json': json.dumps([{'t':k,'hr':float(hr(k))} for k in range(N)]).encode()}, f'{H} {A}', refuse,'refuse')
case('json list of rr', {'a.json': json.dumps([int(r) for r in RRS]).encode()}, f'{R} {A}', refuse,'refuse')
case('Polar Flow json', {'t.json': json.dumps({'exercises':[{'samples':{'rr':[{'duration':f'PT{r/1000:.3f}S'} for r in RRS]}}]},indent=1).encode()}, f'{R} {A}', refuse,'refuse')
case('FIT to csv', {'a.csv': lines('Type,Local Number,Message,Field 1,Value 1,Units 1,Field 2,Value 2,Units 2',rows=[['Data',0,'record','timestamp',f'"{1000000000+k}"','s','heart_rate',f'"{int(hr(k))}"','bpm'] for k in range(N)])}, f'{H} {A}', refuse,'refuse')
case('Samsung Health', {'com.samsung.shealth.tracker.heart_rate.csv': lines('com.samsung.shealth.tracker.heart_rate,6222071,4','com.samsung.health.heart_rate.start_time,com.samsung.health.heart_rate.heart_rate,datauuid',rows=[[at(k,'%Y-%m-%d %H:%M:%S.000'),hr(k),f'aa-{k}',''] for k in range(N)])}, f'{H} {A} --column 1', one)
case('Fitbit csv', {'a.csv': lines('Timestamp,Beats per minute',rows=[[at(k,'%Y-%m-%dT%H:%M:%SZ'),hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('Health Auto Export', {'a.csv': lines('Date/Time,Min (count/min),Max (count/min),Avg (count/min)',rows=[[at(k),hr(k)-1,hr(k)+1,hr(k)] for k in range(N)])}, f'{H} {A} --column 3', one)
case('Withings raw', {'a.csv': lines('start,duration,value',rows=[[at(k,'%Y-%m-%dT%H:%M:%S+02:00'),'[1]',f'[{int(hr(k))}]'] for k in range(N)])}, f'{H} {A}', refuse,'refuse')
case('swapped hr and resp', {'a.csv': lines('time_s,breathing rate,hr',rows=[[k,15,hr(k)] for k in range(N)])}, f'{H} {A}', one)
# relatives of the review
lost = ENDS + np.where(np.arange(300)>=150, 60, 0)
GAP = beats(RRS.sum()/1000+60,302,1)
for head in ('onset','R_peak_time','elapsed_ms','Time (hh:mm:ss)','Unix','t_s','Time[s]','time (sec)','Time_sec','seconds','time_seconds','Beat time (s)','RR time','Zeit (ms)','Timestamp(ms)','ts_ms','recorded_at','sample time','cumulative','Latency [ms]','Minutes','time (min)'):
    size = 1000 if 'ms' in head else 1/60 if 'in' in head.lower() and 'min' in head.lower() else 1
    val = [f'{e*size:.6f}' for e in lost] if 'hh' not in head else [f'{int(e)//3600:02d}:{int(e)%3600//60:02d}:{e%60:06.3f}' for e in lost]
    case(f'A1 RR beside {head}', {'a.csv': lines(f'{head},RR',rows=[[v,int(r)] for v,r in zip(val, RRS, strict=True)])}, f'{R} {A}', GAP)
    if 'beat' not in head.lower() and 'RR' not in head:
        val = [f'{(k if k<100 else k+60)*size:.6f}' for k in range(N)] if 'hh' not in head else [f'00:{(k if k<100 else k+60)//60:02d}:{(k if k<100 else k+60)%60:02d}' for k in range(N)]
        case(f'HR beside {head}', {'a.csv': lines(f'{head},HR',rows=[[v,hr(k if k<100 else k+60)] for k,v in enumerate(val)])}, f'{H} {A}', sig('heart_rate',1,hr,N+60,holes=[(100,160)]))
for u,f in (('uSiemens',1),('μS',1),('µSiemens',1),('microS',1),('micro-Siemens',1),('nS',1e3),('nSiemens',1e3),('mS',1e-3),('S',1e-6),('micromho',1),('umho',1),('kohms',None),('Ohms',None),('MOhm',None),('microsiemens',1),('uS/cm',1),('muS',1),('us',1)):
    k={'kohms':1e3,'Ohms':1e6,'MOhm':1}.get(u)
    v=[(f'{eda(x)*f:.9f}' if f else f'{k/eda(x):.6f}') for x in range(N)]
    for shape in ('EDA [{}]','GSR({})','EDA_{}'):
        case(f'A2 {shape.format(u)}', {'a.csv': lines('time_s,'+shape.format(u),rows=[[x,v[x]] for x in range(N)])}, f'{E} {A}', sig('eda',1,eda,N,tol=2e-3))
for form in ('%Y-%m-%d %H:%M:%S,000','%d-%m-%Y %H:%M:%S','%Y-%m-%d %H:%M:%S.000000','%Y-%m-%dT%H:%M:%S.000+0200','%d/%m/%Y, %H:%M:%S','%d %b %Y %H:%M:%S','%b %d %Y %H:%M:%S','%A, %B %d, %Y %I:%M:%S %p','%I:%M:%S%p','%d.%m.%y %H:%M:%S','%m-%d-%Y %H:%M:%S','%Y-%m-%d %I:%M:%S %p','%Y.%m.%d %H:%M:%S','%Y-%m-%d %H:%M:%S GMT+0200'):
    sep=';' if ',' in form else ','
    case(f'A10 {form}', {'a.csv': lines(sep.join(['time','hr']),rows=[[at(k,form),hr(k)] for k in range(N)],sep=sep)}, f'{H} {A}', one)
def nz(s):
    return '/'.join(str(int(x)) for x in s.split(' ')[0].split('/'))+' '+s.split(' ')[1]
case('A10 no zeros', {'a.csv': lines('time,hr',rows=[[nz(at(k,'%m/%d/%Y %H:%M:%S')),hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('A10 iso no zeros', {'a.csv': lines('time,hr',rows=[[f'2026-5-24 {at(k,"%H:%M:%S")}',hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('A10 7 digits', {'a.csv': lines('time,hr',rows=[[at(k,'%Y-%m-%d %H:%M:%S.0000000'),hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('A10 7 digits Z', {'a.csv': lines('time,hr',rows=[[at(k,'%Y-%m-%dT%H:%M:%S.0000000Z'),hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('A10 ns digits zone', {'a.csv': lines('time,hr',rows=[[at(k,'%Y-%m-%dT%H:%M:%S.000000000+02:00'),hr(k)] for k in range(N)])}, f'{H} {A}', one)
for hd,u,sc in (('rr','s',1e-3),('RR (s)','',1e-3),('IBI [sec]','',1e-3),('NN','ms',1),('RR-I','ms',1),('R-R interval (ms)','',1),('RtoR','ms',1),('Interbeat Interval','ms',1),('RR_ms_','ms',1),('HRV','ms',1),('RR in ms','ms',1)):
    case(f'RR header {hd}', {'a.csv': lines(hd,rows=[[f'{r*sc:g}'] for r in RRS])}, f'--signal rr {"--unit "+u if u else ""} {A}', RR300)
case('A5 trailing comma rows not header', {'a.csv': lines('time_s,hr',rows=[[k,hr(k),''] for k in range(N)])}, f'{H} {A}', one)
case('A5 trailing comma everywhere', {'a.csv': lines('time_s,hr,',rows=[[k,hr(k),''] for k in range(N)])}, f'{H} {A}', one)
case('A5 header has a trailing comma alone', {'a.csv': lines('time_s,hr,',rows=[[k,hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('pandas index', {'a.csv': lines(',time_s,hr',rows=[[k,k*2,hr(k*2)] for k in range(N)])}, f'{H} {A}', sig('heart_rate',.5,hr,2*N))
case('R row names', {'a.csv': lines('"","time_s","hr"',rows=[[f'"{k+1}"',k,hr(k)] for k in range(N)])}, f'{H} {A}', one)
case('sample column and rate', {'a.csv': lines('sample,hr',rows=[[k,hr(k/4)] for k in range(4*N)])}, f'{H} {A} --rate 4', sig('heart_rate',4,hr,N))
case('frame column no rate', {'a.csv': lines('frame,hr',rows=[[k,hr(k)] for k in range(N)])}, f'{H} {A}', refuse,'refuse')
case('two people headless', {'a.csv': lines(rows=[[hr(k),hr(k,1)] for k in range(N)])}, f'{H} --rate 1', sig('heart_rate',1,hr,N,persons=2))
case('two people index headless', {'a.csv': lines(rows=[[k,hr(k),hr(k,1)] for k in range(N)])}, f'{H} --rate 1', sig('heart_rate',1,hr,N,persons=2))
case('EDA two people mother child', {'a.csv': lines('second;mother_eda;infant_eda',rows=[[k,eda(k),eda(k,1)] for k in range(N)],sep=';')}, f'{E}', sig('eda',1,eda,N,persons=2))
case('EDA P1 P2', {'a.csv': lines('Time (s),P1,P2',rows=[[k,eda(k),eda(k,1)] for k in range(N)])}, f'{E}', sig('eda',1,eda,N,persons=2))
case('HR with quality col', {'a.csv': lines('time_s,hr,quality',rows=[[k,hr(k),90+k%9] for k in range(N)])}, f'{H}', refuse,'refuse')
