"""A mall that has none of the demo's names."""

from app.search.phrases import SearchableService

AGENCIES = {
    "A": ("Samsat", ["Pajak tahunan", "Pengesahan lima tahunan"]),
    "B": ("BPJS Kesehatan", ["Pendaftaran peserta", "Perubahan data"]),
    "C": ("Bapenda Provinsi", ["Pajak Kendaraan Bermotor", "Bea Balik Nama"]),
    "D": ("Kementerian Agama", ["Pendaftaran Ma'had", "Tashih Qur’an", "Salat Jumʿat"]),
    "E": ("المدينة", ["رخصة البناء", "शहर कर", "营业执照", "Δίπλωμα", "Паспорт"]),
    "F": ("Kantor Pertanahan", ["Peralihan", "Pemecahan"]),
    "G": ("Sistem Manunggal Satu Atap", ["Loket cepat"]),
    "H": ("Jaminan Kesehatan", ["Peserta mandiri"]),
}


def any_services() -> list[SearchableService]:
    """Return its services."""
    return [
        SearchableService(
            10 * number + position,
            code=f"S{position}",
            names={"id": name, "en": name},
            agency_code=code * 3,
            agency_names={"id": agency, "en": agency},
            agency_short=agency,
        )
        for number, (code, (agency, names)) in enumerate(AGENCIES.items())
        for position, name in enumerate(names)
    ]
