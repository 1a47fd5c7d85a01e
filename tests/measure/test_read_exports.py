"""Read exports of three platforms, in the forms of many programs and languages."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from made_exports import INSTAGRAM, TIKTOK, YOUTUBE, write

from btsclip.errors import MeasureError
from btsclip.measure.columns import find_columns
from btsclip.measure.exports import read_export
from btsclip.measure.post import Post

DAY = date(2026, 1, 4)
YOUTUBE_ROW = [
    "aB3_x-9", "Why does it stick? 7hq3x", "Jan 5, 2025", "31", "12345", "61.7", "-2", "40000",
    "4.21", "0:00:18", "58.06", "71.2", "300", "41", "12",
]  # fmt: skip
INSTAGRAM_ROW = [
    "17900000000000001", "1", "kitchen", "Kitchen", "Dough, day one\n#bread", "31",
    "01/25/2025 17:30", "https://instagram.example/reel/C1/", "IG reel", "", "Lifetime", "2,345",
    "2,001", "120", "33", "7", "5", "64",
]  # fmt: skip
TIKTOK_ROW = [
    "Dough, day one", "https://tiktok.example/@kitchen/video/7301234567890123456",
    "2025-01-05 17:30", "1.2K", "45", "80", "23.4K", "110h 5m 2s", "9.3s", "31.2%", "210",
]  # fmt: skip


def only(path: Path) -> Post:
    (post,) = read_export(path, DAY).posts
    return post


def test_youtube(tmp_path: Path) -> None:
    total = ["Total", "", "", "", "99999"]
    export = read_export(write(tmp_path / "a.csv", YOUTUBE, [total, YOUTUBE_ROW]), DAY)
    (post,) = export.posts
    assert (export.platform, post.id, post.views, post.seconds) == ("youtube", "aB3_x-9", 12345, 31)
    assert post.published == datetime(2025, 1, 5) and not post.timed and post.seen == DAY
    assert post.counts == {"likes": 300, "shares": 41, "comments": 12, "follows": 0}
    assert post.watched == pytest.approx(0.5806) and post.stayed == pytest.approx(0.712)
    assert post.watch_seconds == 18 and not export.unknown
    assert export.left_out == ("row 1: the total of all posts",)


def test_instagram_in_any_order(tmp_path: Path) -> None:
    header, row = INSTAGRAM[::-1], INSTAGRAM_ROW[::-1]
    post = only(write(tmp_path / "a.csv", header, [row]))
    assert post.platform == "instagram" and post.id == "17900000000000001" and post.views == 2345
    assert post.published == datetime(2025, 1, 25, 17, 30) and post.timed
    assert post.counts == {"likes": 120, "shares": 33, "comments": 5, "saves": 64, "follows": 7}
    assert post.name == "Dough, day one" and post.watched is None


def test_ids_shortened_by_a_spreadsheet_are_replaced_by_links(tmp_path: Path) -> None:
    short = ["1.79E+16", *INSTAGRAM_ROW[1:]]
    other = [cell.replace("/C1/", "/C2/") for cell in short]
    posts = read_export(write(tmp_path / "a.csv", INSTAGRAM, [short, other]), DAY).posts
    assert [post.id for post in posts] == [short[7], other[7]]


def test_tiktok_with_its_abbreviations(tmp_path: Path) -> None:
    post = only(write(tmp_path / "a.csv", TIKTOK, [TIKTOK_ROW]))
    assert post.platform == "tiktok" and post.id == "7301234567890123456"
    assert post.views == 23_400 and post.counts["likes"] == 1200 and post.counts["saves"] == 210
    assert post.watch_seconds == pytest.approx(9.3) and post.finished == pytest.approx(0.312)


TIMED = ["Time", *TIKTOK]


@pytest.mark.parametrize(
    ("time", "posted", "is_"),
    [
        ("2025-12-24", "November 20", datetime(2025, 11, 20)),
        ("2025-03-01", "November 20", datetime(2024, 11, 20)),
        ("2025-03-01", "Nov 20 17:30", datetime(2024, 11, 20, 17, 30)),
        ("December 24", "November 20", datetime(2025, 11, 20)),
        ("", "November 20", datetime(2025, 11, 20)),
        ("", "January 3", datetime(2026, 1, 3)),
        ("12:00", "February 3", datetime(2025, 2, 3)),
        ("2025-12-24", "2023-11-20 08:00", datetime(2023, 11, 20, 8)),
    ],
)
def test_tiktok_times_without_a_year_get_one(
    time: str, posted: str, is_: datetime, tmp_path: Path
) -> None:
    row = [time, *TIKTOK_ROW[:2], posted, *TIKTOK_ROW[3:]]
    export = read_export(write(tmp_path / "a.csv", TIMED, [row]), DAY)
    assert [post.published for post in export.posts] == [is_]
    assert not export.untimed and not export.unknown


def test_year_comes_from_the_day_of_the_export(tmp_path: Path) -> None:
    row = [*TIKTOK_ROW[:2], "November 20", *TIKTOK_ROW[3:]]
    path = write(tmp_path / "a.csv", TIKTOK, [row])
    assert only(path).published == datetime(2025, 11, 20)
    (post,) = read_export(path, date(2024, 5, 1)).posts
    assert post.published == datetime(2023, 11, 20)


def test_unknown_times_are_reported(tmp_path: Path) -> None:
    rows = [
        [f"Dough {i}", f"https://tiktok.example/@kitchen/video/730123456789012345{i}", posted,
         *TIKTOK_ROW[3:]]
        for i, posted in enumerate(["3 days ago", "", "November 31", "November 20"])
    ]  # fmt: skip
    export = read_export(write(tmp_path / "a.csv", TIKTOK, rows), DAY)
    assert len(export.posts) == 4 and [post.published is None for post in export.posts] == [
        True, True, True, False,
    ]  # fmt: skip
    assert export.untimed == (
        "row 1 (Dough 0): its time '3 days ago' can't be read as a date",
        "row 2 (Dough 1): it has no time",
        "row 3 (Dough 2): its time 'November 31' can't be read as a date",
    )
    without = [[*row[:2], *row[3:]] for row in rows]
    header = [*TIKTOK[:2], *TIKTOK[3:]]
    export = read_export(write(tmp_path / "b.csv", header, without), DAY)
    assert export.untimed == ("no column says when posts were published",)


LOCAL = {
    "de": (
        "Inhalte;Videotitel;Veröffentlichungszeitpunkt des Videos;Dauer;Aufrufe;"
        "Wiedergabezeit (Stunden);Abonnenten;Impressionen;Klickrate der Impressionen (%);"
        "Durchschnittliche Wiedergabedauer;Durchschnittlich angesehen (%)",
        "abc;Teig;05.01.2025;31;12.345;61,7;3;40.000;4,2;0:00:18;58,06",
    ),
    "es": (
        "Contenido,Título del vídeo,Hora de publicación del vídeo,Duración,Visualizaciones,"
        "Tiempo de visualización (horas),Suscriptores,Impresiones,"
        "Porcentaje de clics de las impresiones (%),Duración media de las visualizaciones,"
        "Porcentaje medio visto (%)",
        'abc,Masa,5 ene 2025,31,12345,"61,7",3,40000,"4,2",0:00:18,"58,06"',
    ),
    "fr": (
        "Contenus,Titre de la vidéo,Heure de publication de la vidéo,Durée,Vues,"
        "Durée de visionnage (heures),Abonnés,Impressions,Taux de clics par impression (%),"
        "Durée moyenne d'une vue,Pourcentage moyen de vidéo regardé (%)",
        'abc,Pâte,5 janv. 2025,31,12\u202f345,"61,7",3,40000,"4,2",0:00:18,"58,06"',
    ),
    "it": (
        "Contenuti,Titolo video,Ora pubblicazione video,Durata,Visualizzazioni,"
        "Tempo di visualizzazione (ore),Iscritti,Impressioni,"
        "Percentuale di clic delle impressioni (%),Durata di visualizzazione media,"
        "Percentuale media visualizzata (%)",
        'abc,Impasto,5 gen 2025,31,12345,"61,7",3,40000,"4,2",0:00:18,"58,06"',
    ),
    "pt": (
        "Conteúdo,Título do vídeo,Horário de publicação do vídeo,Duração,Visualizações,"
        "Tempo de exibição (horas),Inscritos,Impressões,Taxa de cliques de impressões (%),"
        "Duração média da visualização,Porcentagem visualizada média (%)",
        'abc,Massa,5 de jan. de 2025,31,12345,"61,7",3,40000,"4,2",0:00:18,"58,06"',
    ),
}


@pytest.mark.parametrize("language", LOCAL)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_other_languages_in_any_encoding(language: str, encoding: str, tmp_path: Path) -> None:
    header, row = LOCAL[language]
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\r\n{row}\r\n", encoding)
    export = read_export(path, DAY)
    (post,) = export.posts
    assert not export.unknown and export.platform == "youtube"
    assert (post.views, post.seconds, post.watch_seconds) == (12345, 31, 18)
    assert post.counts == {"follows": 3} and post.watched == pytest.approx(0.5806)
    assert post.published == datetime(2025, 1, 5)


def test_an_instagram_export_in_german_on_an_old_computer(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = (
        "Beitrags-ID;Konto-ID;Konto-Benutzername;Kontoname;Beschreibung;Dauer (Sek.);"
        "Veröffentlichungszeit;Permalink;Beitragsart;Datenkommentar;Datum;Aufrufe;Reichweite;"
        '"„Gefällt mir“-Angaben";Geteilte Inhalte;Follower;Kommentare;Gespeichert\r\n'
        "179;1;k;K;Teig;31;05/01/2025 17:30;https://instagram.example/reel/C1/;IG-Reel;;Gesamt;"
        "2.345;2.001;120;33;7;5;64\r\n"
    )
    path.write_bytes(text.encode("cp1252"))
    # "Gesamt" is the whole period here, not the name of a total.
    post = only(path)
    assert post.published == datetime(2025, 1, 5, 17, 30) and post.views == 2345
    assert post.counts == {"likes": 120, "shares": 33, "comments": 5, "saves": 64, "follows": 7}


def test_invisible_characters_in_headers_are_ignored(tmp_path: Path) -> None:
    odd = [name.replace(" ", "\u00a0").replace("e", "e\u00ad") for name in TIKTOK]
    odd[0] = f"\ufeff{odd[0].upper()}"
    post = only(write(tmp_path / "a.csv", [*odd, "  Mood\u200b board "], [[*TIKTOK_ROW, "x"]]))
    assert post.views == 23_400
    unknown = find_columns(["Mood\u200b  board", *TIKTOK]).unknown
    assert unknown == ("Mood\u200b board",)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", ["", "sep={}\r\n", "\r\n", "Overview of posts\r\n\r\n"])
def test_any_separator_and_lines_before_the_header(mark: str, before: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    row = [f'"{cell}"' for cell in TIKTOK_ROW]
    text = before.format(mark) + "\r\n".join([mark.join(TIKTOK), mark.join(row), ""])
    path.write_text(text, "utf-8", newline="")
    assert only(path).views == 23_400


def test_rows_without_posts_are_reported(tmp_path: Path) -> None:
    less = [*TIKTOK_ROW[:6], "100", *TIKTOK_ROW[7:]]
    gone = ["Draft", "https://tiktok.example/@k/video/7400000000000000000", "", "", "", "", "-"]
    path = write(tmp_path / "a.csv", TIKTOK, [TIKTOK_ROW, less, gone, [""] * 11, ["Short"]])
    export = read_export(path, DAY)
    assert [post.views for post in export.posts] == [23_400]
    assert len(export.left_out) == 3
    assert "twice" in export.left_out[0] and "Draft" in export.left_out[1]


def test_day_of_export_is_the_date_of_the_file_but_not_before_its_posts(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", TIKTOK, [TIKTOK_ROW])
    (post,) = read_export(path).posts
    assert post.seen == datetime.fromtimestamp(path.stat().st_mtime).date()
    (post,) = read_export(path, date(2024, 1, 1)).posts
    assert post.seen == date(2025, 1, 5)


BAD = {
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b"\xef\xbb\xbf\r\n \r\n", "is empty"),
    "separator.csv": (b"sep=;", "is empty"),
    "book.xlsx": (b"PK\x03\x04\x14\0\x06\0", "Excel workbook or a zip"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
    "clip.mp4": (b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 20, "is not text"),
    "bank.csv": (b"Amount,Payee,Reference\r\n3,Flour,x\r\n", "'Amount', 'Payee', 'Reference'"),
    "words.csv": (b"Dear diary, today we made bread.\r\n", "is not a known export"),
    "days.csv": (b"Date,Views\r\n2025-01-01,3\r\n", "a row for each day"),
    "chart.csv": (
        b"Date,Content,Video title,Video publish time,Duration,Views\r\n2025-01-01,a,b,c,3,4\r\n",
        "is the chart data",
    ),
    "noviews.csv": (b"Video title,Post time,Total likes\r\na,b,3\r\n", "no column of views"),
    "noposts.csv": (b"Views,Likes\r\n3,4\r\n", "no column that names posts"),
    "header.csv": (",".join(TIKTOK).encode(), "a header and no rows"),
    "whose.csv": (b"Title,Views,Likes\r\na,3,4\r\n", "any platform"),
    "facebook.csv": (
        b"Post ID,Permalink,Views\r\n1,https://facebook.example/1,3\r\n", "comes from Facebook",
    ),
    "nothing.csv": (b"Content,Watch time (hours),Views\r\nTotal,3,9\r\n", "no post with views"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_files_that_are_not_exports_are_refused(name: str, tmp_path: Path) -> None:
    content, says = BAD[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MeasureError, match=says) as caught:
        read_export(tmp_path / name)
    assert name in str(caught.value)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match="no such file"):
        read_export(tmp_path / "gone.csv")
    with pytest.raises(MeasureError, match="is a folder"):
        read_export(tmp_path)
