"""The small mall: two agencies, three services, three counters, two zones."""

SMALL_MALL = """\
site:
  name: Mal Kecil
  timezone: Asia/Jakarta
  languages: [id, en]
  public_url: http://mal.example
  hours:
    - {days: [mon, tue, wed, thu, fri], opens: 08:00, closes: 15:30}
sound_spaces:
  - {code: L1, name: Lantai 1}
  - {code: L2, name: Lantai 2}
zones:
  - {code: A, name: Zona A, sound_space: L1}
  - {code: B, name: Zona B, sound_space: L2}
agencies:
  - code: DKC
    name: Dinas Kependudukan
    name_en: Civil Registration
    short_name: Dukcapil
    symbol: id-card
    prefix: A
    services:
      - {code: AKTA, name: Akta kelahiran, name_en: Birth, typical_minutes: 10}
      - {code: KTP, name: KTP-el, name_en: e-KTP, prefix: K, typical_minutes: 5}
  - code: IMI
    name: Imigrasi
    name_en: Immigration
    short_name: Imigrasi
    symbol: passport
    prefix: P
    services:
      - {code: PASPOR, name: Paspor, name_en: Passport, typical_minutes: 25}
counters:
  - {code: L1, name: Loket 1, zone: A, services: [DKC]}
  - code: L2
    name: Loket 2
    zone: A
    services: [DKC]
    head_start_minutes: {DKC/KTP: 15}
  - {code: L3, name: Loket 3, zone: B, services: [IMI]}
displays:
  - {code: AULA, name: Layar Aula, zones: [A, B]}
  - {code: LAYAR-A, name: Layar A, zones: [A]}
  - {code: LAYAR-B, name: Layar B, zones: [B]}
printers:
  - {code: P1, name: Printer 1, address: "tcp://127.0.0.1:9"}
  - {code: P2, name: Printer 2, address: "tcp://127.0.0.1:9"}
kiosks:
  - {code: K1, name: Kios 1, printer: P1}
  - {code: K2, name: Kios 2, printer: P2}
"""

# ids as the import gives them: in the order of the file, kiosks before displays
DKC, IMI = 1, 2
AKTA, KTP, PASPOR = 1, 2, 3
LOKET_1, LOKET_2, LOKET_3 = 1, 2, 3
ZONE_A, ZONE_B = 1, 2
KIOSK_1, KIOSK_2 = 1, 2
HALL, DISPLAY_A, DISPLAY_B = 3, 4, 5
PRINTER_1, PRINTER_2 = 1, 2
