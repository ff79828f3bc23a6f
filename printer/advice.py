"""What is wrong with a printer and what to do, in plain words.

The codes are those of `printer.delivery.REASONS` and of
`printer.transports.channel.CAUSES`; a cause says more and is given in place of its
reason.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["id", "en"]


class Advice(NamedTuple):
    """One state of a printer: what it means, and what a person does about it."""

    indonesian: str
    english: str

    def in_language(self, language: Language) -> str:
        """Return it in the language asked for."""
        return self.indonesian if language == "id" else self.english


ADVICE: Mapping[str, Advice] = {
    "paper-end": Advice(
        "Kertas habis. Pasang gulungan baru, sisi cetak menghadap kepala printer.",
        "The roll is empty. Put in a new one, print side to the head.",
    ),
    "near-end": Advice(
        "Kertas hampir habis. Siapkan gulungan baru.",
        "The roll is near its end. Have a new one ready.",
    ),
    "cover-open": Advice(
        "Tutup printer terbuka. Tekan sampai berbunyi klik di kedua sisi.",
        "The cover is not shut. Press it until it clicks on both sides.",
    ),
    "cutter": Advice(
        "Pisau macet. Matikan printer, keluarkan kertas yang terjepit, nyalakan lagi.",
        "The knife is stuck. Switch off, free the paper, switch on.",
    ),
    "error": Advice(
        "Printer melaporkan gangguan, mungkin kepala panas. Matikan, tunggu, nyalakan.",
        "The printer reports a fault, a hot head perhaps. Switch off, wait, switch on.",
    ),
    "offline": Advice(
        "Printer sedang offline. Tekan tombol feed atau online pada printer.",
        "It is offline at its own buttons. Press its feed or online button.",
    ),
    "unreachable": Advice(
        "Tidak ada yang menjawab di alamat ini. Periksa listrik, kabel, dan alamatnya.",
        "Nothing answers at this address. Check power, cable and address.",
    ),
    "no-answer": Advice(
        "Menerima data tetapi tidak menjawab. Mungkin dipakai program lain, kecepatan"
        " jalur salah, atau model ini tidak dapat melapor (reports_status: false).",
        "It takes bytes and answers nothing. Another program may hold it, the line's"
        " speed may be wrong, or this model cannot tell (reports_status: false).",
    ),
    "garbled": Advice(
        "Jawabannya tidak masuk akal. Matikan dan nyalakan printer; pada jalur serial"
        " periksa baud dan parity.",
        "Its answers make no sense. Switch it off and on; on a serial line check baud"
        " and parity.",
    ),
    "stalled": Advice(
        "Berhenti menerima data di tengah jalan. Lihat apakah slip sudah keluar.",
        "It stopped taking bytes in the middle. Look whether a slip came out.",
    ),
    "connection-lost": Advice(
        "Sambungan terputus. Periksa listrik dan kabel; lihat apakah slip keluar.",
        "The connection broke. Check power and cable; look whether a slip came out.",
    ),
    "not-found": Advice(
        "Perangkat ini tidak ada. Periksa kabel dan listrik printer, lalu coba lagi.",
        "There is no such device. Check the printer's cable and power, then try again.",
    ),
    "no-permission": Advice(
        "Pengguna ini tidak boleh memakai perangkat itu. Tambahkan ke grup lp (USB)"
        " atau dialout (serial), lalu masuk kembali.",
        "This user may not use the device. Add it to the group lp (USB) or dialout"
        " (serial), then sign in again.",
    ),
    "in-use": Advice(
        "Dipakai program lain: agen cetak, misalnya, atau CUPS. Hentikan dulu, atau"
        " hapus antrean CUPS-nya.",
        "Another program uses it: the print agent, say, or CUPS. Stop it first, or"
        " remove its CUPS queue.",
    ),
    "not-a-printer": Advice(
        "Yang ada di alamat ini bukan printer. Periksa nama perangkatnya.",
        "What is at this address is no printer. Check the device's name.",
    ),
    "several": Advice(
        "Ada beberapa printer yang sama. Tambahkan nomor seri pada alamatnya.",
        "There are several alike. Add the serial number to the address.",
    ),
    "no-usb-package": Advice(
        "Tidak ditemukan oleh sistem. Periksa kabel; jika driver usblp tidak dipakai,"
        " pasang paket Python pyusb dan libusb.",
        "The system does not find it. Check the cable; where the driver usblp is not"
        " used, install the Python package pyusb and libusb.",
    ),
    "no-usb-library": Advice(
        "Pustaka libusb tidak ada. Pasang libusb-1.0.",
        "The library libusb is missing. Install libusb-1.0.",
    ),
    "no-serial-lines": Advice(
        "Printer serial dan berkas perangkat hanya didukung di Linux.",
        "Serial printers and device files work on Linux only.",
    ),
    "bad-speed": Advice(
        "Kecepatan ini tidak didukung. Gunakan misalnya baud=9600 atau baud=19200.",
        "The line cannot have this speed. Use baud=9600 or baud=19200, say.",
    ),
    "one-way": Advice(
        "Perangkat ini hanya dapat ditulisi; printer tidak dapat melapor.",
        "This device can only be written to; the printer cannot tell how it is.",
    ),
    "ready": Advice("Siap mencetak.", "Ready."),
    "cannot-tell": Advice(
        "Dapat dihubungi; printer ini tidak melaporkan keadaannya.",
        "It can be reached; this printer does not tell how it is.",
    ),
    "printed": Advice("Slip uji tercetak.", "The test slip was printed."),
    "sent": Advice(
        "Slip uji terkirim; lihat sendiri apakah keluar.",
        "The test slip was sent; look whether it came out.",
    ),
    "failed": Advice("Slip uji tidak tercetak.", "The test slip was not printed."),
    "unknown": Advice(
        "Tidak diketahui apakah slip uji keluar; lihat printernya.",
        "Nobody knows whether the test slip came out; look at the printer.",
    ),
    "serial-line": Advice(
        "Jalur serial. Tidak ditanya, karena mungkin bukan printer. Jika ini printer:"
        " antrean doctor {address}",
        "A serial line. Not asked, as it may be no printer. If it is one:"
        " antrean doctor {address}",
    ),
    "behind-agent": Advice(
        "Dicetak lewat agen cetak. Jalankan antrean doctor di PC agen itu.",
        "A print agent drives it. Run antrean doctor on that agent's PC.",
    ),
    "nothing": Advice(
        "Tidak ada printer yang ditemukan. Sebutkan alamatnya:"
        " antrean doctor tcp://192.168.1.50:9100",
        "No printer was found. Name its address:"
        " antrean doctor tcp://192.168.1.50:9100",
    ),
}


def advice(code: str, language: Language) -> str:
    """Return the sentence for a reason, cause or outcome."""
    return ADVICE[code].in_language(language)
