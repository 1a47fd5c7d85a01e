"""Words about kitchen work and questions in four languages, and function words.

A concept is a meaning of words in any language, such as `chop`. Concepts of moments have the names
of actions and kinds. Only texts can answer questions about `MEASURES`. Footage of work can't answer
questions about `BEYOND`: they are listed so that nothing else is taken for an answer.
"""

from __future__ import annotations

LANGUAGES = {"en": "english", "de": "german", "es": "spanish", "fr": "french"}

ACTIONS = (
    "chop", "knead", "stir", "pour", "toss", "plate", "roll", "decorate", "grill", "brew", "shake",
)  # fmt: skip
KINDS = ("mishap", "people", "reveal")
MEASURES = ("temperature", "time", "amount")
BEYOND = ("shopping", "taste", "music", "place", "diet")

# Words by concept and language. Plurals and tenses are found by their stems.
WORDS: dict[str, dict[str, str]] = {
    "chop": {
        "en": "chop chopping cut slice slicing dice mince julienne knife knives carve",
        "de": "hacken schneiden schneide geschnitten schnitt wuerfeln messer zerkleinern",
        "es": "picar pico cortar corto corta rebanar trocear cuchillo",
        "fr": "hacher couper coupe emincer trancher couteau ciseler",
    },
    "knead": {
        "en": "knead kneading fold",
        "de": "kneten geknetet falten",
        "es": "amasar amaso amasa plegar",
        "fr": "petrir petris petrit malaxer plier",
    },
    "stir": {
        "en": "stir stirring mix whisk beat",
        "de": "ruehren ruehrst ruehrt geruehrt mischen vermengen verquirlen",
        "es": "remover remueve mezclar mezcla batir bates revolver revuelve",
        "fr": "remuer melanger melange fouetter touiller",
    },
    "pour": {
        "en": "pour pouring drizzle",
        "de": "giessen giesst gegossen eingiessen schuetten traeufeln",
        "es": "verter vierte vierto echar chorro",
        "fr": "verser verse arroser",
    },
    "toss": {
        "en": "toss tossing flip",
        "de": "schwenken wenden schleudern",
        "es": "saltear voltear volteas lanzar",
        "fr": "sauter retourner lancer",
    },
    "plate": {
        "en": "plate plating serve garnish",
        "de": "anrichten angerichtet servieren servierst garnieren garnierst",
        "es": "emplatar emplato servir sirves",
        "fr": "dresser dressage servir sers garnir",
    },
    "roll": {
        "en": "roll rolling shape shaping",
        "de": "ausrollen ausgerollt rollen rollst gerollt formen geformt",
        "es": "estirar estiras enrollar enrolla rodillo formar",
        "fr": "etaler etale rouler roule abaisser faconner",
    },
    "decorate": {
        "en": "decorate decorating pipe piping frost frosting ice icing glaze",
        "de": "dekorieren dekoriert verzieren verziert spritzen spritzbeutel glasieren",
        "es": "decorar decoras glasear glaseado manga",
        "fr": "decorer decore glacer glacage poche",
    },
    "grill": {
        "en": "grill grilling barbecue bbq sear searing",
        "de": "grillen grillst gegrillt anbraten",
        "es": "asar asas parrilla plancha",
        "fr": "griller grille braise saisir",
    },
    "brew": {
        "en": "brew brewing espresso coffee",
        "de": "bruehen aufbruehen gebrueht kaffee",
        "es": "preparar cafe infusionar",
        "fr": "infuser infuse cafe",
    },
    "shake": {
        "en": "shake shaking shaker",
        "de": "schuetteln geschuettelt",
        "es": "agitar agitas coctelera",
        "fr": "secouer secoue shaker",
    },
    "mishap": {
        "en": "drop spill fall fell fallen burn mess oops fail accident mistake broke broken",
        "de": "gefallen faellt fiel runterfallen verschuetten verschuettet missgeschick unfall"
              " kaputt angebrannt verbrannt panne",
        "es": "caer cayo caido derramar derrame tirar tiraste quemar accidente romper roto error",
        "fr": "tomber tombe renverser renverse bruler casser rate accident erreur gaffe",
    },
    "people": {
        "en": "chef baker who whose",
        "de": "koch koechin baecker baeckerin wer",
        "es": "cocinero cocinera chef panadero quien quienes",
        "fr": "cuisinier cuisiniere boulanger boulangere qui",
    },
    "reveal": {
        "en": "finished final result",
        "de": "fertig ergebnis endergebnis",
        "es": "terminado resultado acabado",
        "fr": "fini resultat termine",
    },
    "temperature": {
        "en": "temperature temp degree degrees celsius fahrenheit",
        "de": "temperatur grad", "es": "temperatura grados", "fr": "temperature degres",
    },
    "time": {
        "en": "minute hour overnight duration",
        "de": "dauer dauert minute stunde",
        "es": "tiempo minuto tarda",
        "fr": "longtemps duree minute heure",
    },
    "amount": {
        "en": "amount quantity gram ratio percent",
        "de": "menge gramm verhaeltnis prozent",
        "es": "cantidad gramo proporcion", "fr": "quantite gramme proportion",
    },
    "shopping": {
        "en": "buy bought price cost brand link shop store sell",
        "de": "kaufen gekauft preis kosten marke laden",
        "es": "comprar compraste precio cuesta marca tienda",
        "fr": "acheter achete prix coute marque magasin",
    },
    "taste": {
        "en": "taste flavour flavor tasty", "de": "schmecken schmeckt geschmack",
        "es": "sabor sabe", "fr": "gout saveur",
    },
    "music": {
        "en": "song music track soundtrack", "de": "lied musik",
        "es": "cancion musica", "fr": "chanson musique",
    },
    "place": {
        "en": "located location restaurant address city country",
        "de": "restaurant adresse stadt land", "es": "restaurante direccion ciudad pais",
        "fr": "restaurant adresse ville pays",
    },
    "diet": {
        "en": "vegan gluten calories allergy healthy halal kosher",
        "de": "glutenfrei kalorien allergie gesund", "es": "vegano calorias alergia saludable",
        "fr": "vegetalien calories allergie sain",
    },
}  # fmt: skip

# Phrases, as patterns of folded text.
PHRASES: dict[str, tuple[str, ...]] = {
    "time": (
        "how long", "how much time", "how many (?:minutes|hours|days)", "wie lange",
        "wie viel zeit", "cuanto tiempo", "cuantas horas", "cuantos minutos", "combien de temps",
        "combien d.heures",
    ),
    "temperature": ("how hot", "wie heiss", "wie warm", "a que temperatura", "quelle chaleur"),
    "amount": (
        r"how much(?! time)", "how many(?! minutes| hours| days)", "wie ?viele?(?! zeit)",
        r"cuant[oa]s?(?! tiempo| horas| minutos)", r"combien(?! de temps| d.heures)",
    ),
    "mishap": (
        "what happened", "went wrong", "was ist passiert", "schief ?gegangen", "que paso",
        "salio mal", "qu.est-ce qui s.est passe",
    ),
    "reveal": (
        "(?:turn|turned|come|came) out", "look(?:ed)? like in the end", "am ende aus",
        "como quedo", "a quoi (?:ca|cela) ressemble",
    ),
    "why": (r"why", r"how come", r"warum", r"wieso", r"weshalb", r"por que", r"pourquoi"),
}  # fmt: skip

# Figures with units, as patterns of folded text: they answer how hot, how long and how much.
FIGURES = {
    "temperature": r"\d\s*(?:°|º|degrees?\b|grad\b|grados?\b|degres?\b|[cf]\b)",
    "time": (
        r"\d\s*(?:s|secs?|seconds?|sek|sekunden?|segundos?|secondes?|min|mins?|minutes?|minuten|"
        r"minutos?|h|hrs?|hours?|stunden?|horas?|heures?|days?|tage?|dias?|jours?)\b"
        r"|\bovernight\b"
    ),
    "amount": (
        r"\d\s*(?:g|kg|mg|ml|dl|l|cups?|tbsp|tsp|el|tl|%|grams?|gramm|gramos?|grammes?)(?!\w)"
    ),
}

# Words that connect, ask, praise or greet: they say nothing about the subject.
FUNCTION_WORDS = {
    "en": (
        "a an and are as at be been being but by can could did do does doing done dont doesnt didnt"
        " for from get gets got had has have having he her here his how i if im in into is isnt it"
        " its just let like make makes making me more most much many my need no not of off on once"
        " one only or our out over own please pls plz put really she should show shows so some"
        " still stuff such tell than that thats the their them then there these they thing this"
        " those through to too under until up us use used using very want was we well were what"
        " whats when where which while will with without would yeah yes you your youre yours"
        " video videos clip post love loved amazing awesome great nice wow good best cool omg lol"
        " bro man guys dude hey hi hello thanks thank beautiful perfect incredible way always ever"
        " never actually also again about after before all any because both down each few keep"
        " know look looks looking see seen first last back don doesn didn ve ll re isn wont won"
    ),
    "de": (
        "aber alle als also am an auch auf aus bei beim bin bis bist bitte da damit dann das dass"
        " dein deine dem den der des die dies diese dieser dir doch du ein eine einem einen einer"
        " er es etwas euch euer eure fuer gibt habe haben hast hat ich ihr im in ist ja kann"
        " kannst kein keine koennen lass lasse lassen laesst machen machst macht mal man mehr"
        " mein mich mir mit nach nicht noch"
        " nur ob oder schon sehr sein seid sich sie sind so soll super toll und uns von vor war"
        " was welche welcher welches wenn wie wieder wird wo wurde zu zum zur gut danke hallo"
        " eigentlich"
    ),
    "es": (
        "a al algo ante asi aun bien buen bueno con como cual cuando de del desde donde e el ella"
        " ellos en era eres es esa ese eso esta este esto estos fue gracias hace hacer haces hay"
        " he hola la las le les lo los mas me mi muy no nos o para pero por porque puede puedes que"
        " se ser si sin sobre su sus tan te tener tiene tienes todo tu tus un una uno usas y ya yo"
        " favor video genial increible"
    ),
    "fr": (
        "a ai as au aux avec ce cela ces cet cette ca c comme comment d dans de des du elle en es"
        " est et etes etre fais fait faire faites il ils j je l la le les leur lui ma mais me meme"
        " merci mes mon n ne nous on ou par pas peu peut peux plus pour puis qu quand que quel"
        " quelle quelles quels s sa sans se ses si son sont sur t ta te tes toi ton tout tres tu un"
        " une va vas votre vos vous y est-ce salut bonjour super genial bravo video"
    ),
}
