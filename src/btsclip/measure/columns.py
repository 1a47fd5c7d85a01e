"""What columns of exports are called. They are found by name, never by place.

Headers are compared in lower case, without accents, soft hyphens and odd spaces, and without "(%)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from btsclip.measure.values import plain

Platform = Literal["youtube", "instagram", "tiktok"]
PLATFORMS: dict[Platform, str] = {
    "youtube": "YouTube", "instagram": "Instagram", "tiktok": "TikTok",
}  # fmt: skip

# Names by field; the first line is English, then German, Spanish, French, Italian, Portuguese.
# Those of fields that nothing is made of are here so that they are not called unknown.
NAMES = {
    "content": """content|video id|video
        inhalte|inhalt|videos|video-id
        contenido|id del video
        contenu|contenus|id de la video
        contenuti|id video
        conteudo|id do video""",
    "post_id": """post id
        beitrags-id|beitrag-id|post-id
        identificador de la publicacion|id. de publicacion|id de publicacion
        id de la publication|identifiant de la publication
        id del post|id post
        id do post|identificacao do post|id da publicacao""",
    "title": """video title|title|caption
        videotitel|titel
        titulo del video|titulo
        titre de la video|titre
        titolo del video|titolo video|titolo
        titulo do video""",
    "description": """description
        beschreibung
        descripcion
        description
        descrizione
        descricao""",
    "permalink": """permalink
        permalink|dauerlink
        enlace permanente
        permalien|lien permanent
        link permanente
        link permanente""",
    "video_link": """video link|link|url|video url
        videolink|video-link
        enlace del video
        lien de la video
        link del video
        link do video""",
    "published": """video publish time|publish time|post time|publish date|date published|posted
        veroffentlichungszeitpunkt des videos|veroffentlichungszeitpunkt|veroffentlichungszeit|\
            zeitpunkt der veroffentlichung|posting-zeit
        hora de publicacion del video|hora de publicacion|fecha de publicacion
        heure de publication de la video|heure de publication|date de publication
        ora pubblicazione video|data e ora di pubblicazione del video|ora di pubblicazione|\
            data di pubblicazione
        horario de publicacao do video|horario de publicacao|data de publicacao|\
            hora da publicacao""",
    "seconds": """duration|duration (sec)|duration (secs)|duration (seconds)|video duration
        dauer|dauer (sek.)|dauer (sek)|videodauer
        duracion|duracion (seg.)|duracion (s)
        duree|duree (s)|duree (sec)
        durata|durata (sec)|durata (s)
        duracao|duracao (s)|duracao (segundos)""",
    "views": """views|total views|video views|plays|total video views
        aufrufe|aufrufe insgesamt|videoaufrufe
        visualizaciones|vistas|visualizaciones totales|reproducciones
        vues|vues totales|nombre total de vues
        visualizzazioni|visualizzazioni totali
        visualizacoes|total de visualizacoes""",
    "likes": """likes|total likes|like
        likes|gefallt mir|„gefallt mir“-angaben|"gefallt mir"-angaben|„mag ich“-bewertungen
        me gusta|likes totales
        j'aime|mentions j'aime|j’aime|mentions j’aime
        mi piace
        curtidas|gosto""",
    "shares": """shares|total shares|shared
        geteilte inhalte|geteilt|shares insgesamt|mal geteilt
        compartidos|veces compartido|compartido
        partages
        condivisioni
        compartilhamentos|partilhas""",
    "comments": """comments|comments added|total comments
        kommentare|hinzugefugte kommentare|kommentare insgesamt
        comentarios|comentarios anadidos
        commentaires|commentaires ajoutes
        commenti|commenti aggiunti
        comentarios|comentarios adicionados""",
    "saves": """saves|add to favorites|added to favorites|favorites|total favorites|bookmarks
        gespeichert|speicherungen|gespeicherte inhalte|zu favoriten hinzugefugt
        guardados|veces guardado|anadido a favoritos
        enregistrements|ajouts aux favoris
        salvataggi|elementi salvati|aggiunte ai preferiti
        salvamentos|itens salvos|adicionados aos favoritos""",
    "follows": """follows|subscribers|new followers|subscribers gained|followers gained
        follower|abonnenten|neue follower|abonniert
        seguimientos|suscriptores|nuevos seguidores
        abonnes|nouveaux abonnes|followers|suivis
        iscritti|nuovi follower|follower acquisiti
        inscritos|novos seguidores|seguidores""",
    "watch_seconds": """average view duration|average watch time|avg. watch time
        durchschnittliche wiedergabedauer
        duracion media de las visualizaciones|duracion media de la visualizacion|\
            duracion promedio de vistas|tiempo promedio de visualizacion
        duree moyenne d'une vue|duree moyenne d’une vue|duree moyenne de visionnage
        durata di visualizzazione media|durata media di visualizzazione|durata visualizzazione media
        duracao media da visualizacao|tempo medio de exibicao""",
    "watched": """average percentage viewed|average percentage watched
        durchschnittlich angesehen|durchschnittliche wiedergabe
        porcentaje medio visto|porcentaje promedio visto
        pourcentage moyen de video regarde|pourcentage moyen visionne|pourcentage moyen regarde
        percentuale media visualizzata|percentuale visualizzata media
        porcentagem visualizada media|porcentagem media visualizada""",
    "finished": """watched full video|full video watched|completion rate|finished
        video vollstandig angesehen|vollstandig angesehen
        vieron el video completo|video completo visto
        ont regarde la video en entier|video regardee en entier
        hanno guardato il video completo|video completo guardato
        assistiu ao video completo|assistiram ao video completo""",
    "stayed": """stayed to watch
        weitergesehen|weiter angesehen
        se quedaron a ver
        ont continue a regarder|ont continue de regarder
        ha continuato a guardare|hanno continuato a guardare
        continuaram assistindo|continuou assistindo""",
    "watch_hours": """watch time (hours)
        wiedergabezeit (stunden)
        tiempo de visualizacion (horas)
        duree de visionnage (heures)
        tempo di visualizzazione (ore)
        tempo de exibicao (horas)""",
    "play_time": """total play time
        gesamtwiedergabezeit
        tiempo total de reproduccion
        duree totale de lecture
        tempo totale di riproduzione
        tempo total de reproducao""",
    "impressions": """impressions
        impressionen
        impresiones
        impressions
        impressioni
        impressoes""",
    "ctr": """impressions click-through rate
        klickrate der impressionen
        porcentaje de clics de las impresiones|tasa de clics de las impresiones
        taux de clics par impression
        percentuale di clic delle impressioni|percentuale di clic sulle impressioni
        taxa de cliques de impressoes""",
    "reach": """reach|reached audience
        reichweite
        alcance
        couverture
        copertura
        alcance""",
    "account": """account id|account username|account name
        konto-id|konto-benutzername|kontoname|benutzername des kontos
        identificador de la cuenta|nombre de usuario de la cuenta|nombre de la cuenta
        id du compte|identifiant du compte|nom d'utilisateur du compte|nom du compte
        id account|nome utente dell'account|nome dell'account
        identificacao da conta|nome de usuario da conta|nome da conta""",
    "post_type": """post type
        beitragsart|beitragstyp
        tipo de publicacion
        type de publication
        tipo di post
        tipo de post|tipo de publicacao""",
    "data_comment": """data comment
        datenkommentar|kommentar zu den daten
        comentario de los datos|comentario sobre los datos
        commentaire sur les donnees
        commento sui dati
        comentario dos dados|comentario sobre os dados""",
    "as_of": """time|data time
        zeit
        hora
        heure
        ora
        horario""",
    "date": """date|day
        datum|tag
        fecha|dia
        date|jour
        data|giorno
        data|dia""",
}
# Columns that only one platform has, by which its exports are told.
ONLY: dict[Platform, frozenset[str]] = {
    "youtube": frozenset({"content", "watch_hours", "ctr", "watched", "stayed"}),
    "instagram": frozenset({"post_id", "permalink", "account", "post_type", "data_comment"}),
    "tiktok": frozenset({"video_link", "finished", "play_time"}),
}
TOTALS = frozenset({"total", "totale", "totals", "gesamt", "gesamtwert", "gesamtwerte", "totales"})


def _fold(name: str) -> str:
    """A header as it is compared."""
    return re.sub(r"\s*\(\s*%\s*\)", "", plain(name)).strip(" \"'*:")


def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for field, text in NAMES.items():
        for name in re.split(r"[|\n]", re.sub(r"\\\s+", "", text)):
            found.setdefault(_fold(name), field)
    return found


_FIELDS = _by_name()
_ENGLISH = {_fold(name) for text in NAMES.values() for name in text.splitlines()[0].split("|")}


@dataclass(frozen=True)
class Columns:
    """Where each field is: `places` by name. `percent` are those whose header says so, `unknown`
    the headers that mean nothing to us. `english` tells the language."""

    places: dict[str, int]
    percent: frozenset[str]
    unknown: tuple[str, ...]
    english: bool

    def platform(self) -> Platform | None:
        """Whose export has these columns, as far as they tell."""
        votes = {name: len(only & self.places.keys()) for name, only in ONLY.items()}
        best = max(votes, key=lambda name: votes[name])
        clear = votes[best] > 0 and list(votes.values()).count(votes[best]) == 1
        return best if clear else None


def count_known(headers: Sequence[str]) -> int:
    """How many of `headers` are known."""
    return sum(_fold(header) in _FIELDS for header in headers)


def find_columns(headers: Sequence[str]) -> Columns:
    """The fields that `headers` name; of two of one name the first counts."""
    places: dict[str, int] = {}
    percent, unknown, english = set(), [], True
    for place, header in enumerate(headers):
        name = _fold(header)
        field = _FIELDS.get(name)
        if field is None:
            if name:
                unknown.append(" ".join(header.split()))
            continue
        english = english and name in _ENGLISH
        if field not in places:
            places[field] = place
            percent |= {field} if "%" in header else set()
    return Columns(places, frozenset(percent), tuple(unknown), english)
