"""Kitchen words in the names of files and folders: what a creator called a take.

Names hold much that no viewer should read: numbers, cameras, "final", and people who did not agree
to be named. So only a run of known words is taken: "anna_brioche-fold-2" says "Brioche fold".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from btsclip.notes.concepts import fold, stem
from btsclip.notes.lexicon import ACTIONS, WORDS

# Food and drink, in one form each: plurals and other endings are found by their stems. By language,
# since a word's stem depends on it.
FOOD = {
    "en": "almond apple apricot artichoke arugula asparagus aubergine avocado bacon bagel"
          " baguette banana barley basil batter bean beef beer beet berry biryani biscuit"
          " blueberry borscht bread breakfast brine brioche broccoli broth brownie bun burger"
          " burrito butter buttercream cabbage cake caramel carbonara cardamom carrot"
          " cauliflower celery cheese cheesecake cherry chicken chili chocolate chutney cider"
          " cinnamon clam cocktail cocoa coconut coffee cookie coriander corn cotta couscous"
          " crab cream crepe croissant crumble cucumber cupcake curry custard dal dessert dill"
          " donut dosa dough doughnut duck dumpling eclair egg eggplant empanada espresso"
          " falafel fennel fig filet fish flatbread focaccia fondant fries frittata frosting"
          " fruit fudge ganache garlic gelato ginger glaze gnocchi granola grape gravy guacamole"
          " halibut ham hazelnut herb honey hummus icing jam jelly juice kale karahi kebab"
          " ketchup kimchi lamb lasagna latte lemon lemonade lentil lettuce lime lobster macaron"
          " mango marinade marmalade matcha mayonnaise meat meatball melon meringue milk mint"
          " mochi mojito mousse muffin mushroom mussel naan nacho noodle nougat nut oat octopus"
          " olive omelette onion orange oregano oyster pancake paneer panna pappardelle parsley"
          " pasta pastry peach peanut pear pecan pepper pesto pho pickle pie pierogi pineapple"
          " pistachio pita pizza plum polenta pomegranate popcorn pork porridge potato praline"
          " prawn pretzel pudding pumpkin quiche quinoa radish ragu raisin ramen raspberry"
          " ravioli ribeye rice ricotta risotto roast sage salad salami salmon salsa sandwich"
          " sashimi sauce sausage scallop schnitzel scone seafood sesame shakshuka shallot"
          " shawarma shortbread shrimp smoothie snack sorbet souffle soup sourdough spaghetti"
          " spinach sponge sprinkles squash squid steak stew strawberry strudel sushi syrup taco"
          " tagine tamale tart tea tempura teriyaki thyme tiramisu toast toffee tofu tomato"
          " tortellini tortilla truffle tuna turkey turmeric vanilla veal vegetable vinegar"
          " waffle walnut wasabi wine wonton yeast yogurt zucchini",
    "de": "apfel apfelkuchen aprikose auflauf banane birne blumenkohl bohne braten brezel"
          " broetchen brot bruehe butter ei eier eintopf eis erdbeere essig fisch fleisch"
          " frikadelle gemuese gewuerz gulasch gurke hackfleisch haehnchen hefe hefezopf honig"
          " huhn ingwer joghurt kaese kaesekuchen kaffee karotte kartoffel keks kirsche kloss"
          " knoblauch knoedel kohl kraeuter kuchen kuerbis lachs lebkuchen linsen maultasche"
          " mehl milch moehre nudel nuss obst pfannkuchen pflaume pilz plaetzchen quark reis"
          " rind rindfleisch rotkohl rouladen sahne salat sauerteig schinken schnitzel"
          " schokolade schwein spaetzle spargel speck spinat streusel suppe tee teig tomate"
          " torte walnuss wein wurst zimt zitrone zopf zucchini zucker zwiebel",
    "es": "aceite aceituna aguacate ajo albondiga almeja almendra arroz atun azucar bacalao"
          " bizcocho bocadillo boqueron cacao calabaza caldo camaron carne cebolla cerdo cerveza"
          " chocolate chorizo churro crema croqueta ensalada fresa galleta gamba garbanzo"
          " gazpacho harina helado huevo jamon leche lechuga lenteja limon maiz mantequilla"
          " manzana masa merluza miel naranja nata nuez paella papa pastel patata pescado"
          " pimiento pina platano pollo postre pulpo queso salmorejo sopa tarta ternera tomate"
          " tortilla trigo vino zanahoria",
    "fr": "abricot agneau amande ananas aubergine baguette beignet beurre biere biscuit boeuf"
          " bouillon brioche canard caramel carotte cerise champignon chocolat choux citron"
          " citrouille confiture courgette creme crepe crevette croissant croque eclair"
          " entremets epice epinard farine financier flan fraise framboise fromage fruit galette"
          " gateau gaufre glace gratin haricot herbe huile huitre jambon lait laitue legume"
          " lentille levain levure macaron madeleine meringue miel moule mousse moutarde navet"
          " noisette noix oeuf oignon olive pain pate patisserie peche persil poire poireau"
          " poisson poivre poivron pomme porc potage poulet profiterole prune quiche ratatouille"
          " riz sauce saumon soupe sucre tarte tartine terrine thon tomate veau viande vin"
          " vinaigre yaourt",
}  # fmt: skip
# Words between two kitchen words that belong to them: "tarte aux pommes".
LINKS = frozenset((
    "a", "al", "alla", "and", "au", "aux", "con", "de", "del", "della", "di", "du", "en", "et",
    "for", "im", "in", "la", "le", "les", "mit", "of", "on", "the", "to", "und", "with", "y",
))  # fmt: skip


def find_kitchen_words(name: str) -> str:
    """The first run of kitchen words in a file or folder `name`; "" without any.

    It holds a food or an action in full: "cut" and "roll" alone mean film as often as food.

    >>> find_kitchen_words("anna_brioche-fold-2"), find_kitchen_words("IMG_2041 final cut")
    ('Brioche fold', '')
    """
    for run in _runs(_split(name)):
        if any(_is_food(word) or _is_full_action(word) for word in run):
            text = " ".join(run)
            return text[0].upper() + text[1:]
    return ""


def says_enough(words: str) -> bool:
    """Whether kitchen `words` name an action, or at least two things. One noun alone says little
    about a clip that shows it.

    >>> says_enough("Brioche fold"), says_enough("Kneading"), says_enough("Pizza")
    (True, True, False)
    """
    kitchen = [word for word in words.split() if _is_food(word) or _actions_of(word)]
    return len(kitchen) > 1 or any(map(_is_full_action, kitchen))


def _split(name: str) -> list[str]:
    """The words of a name, also of one such as "BriocheFold"; without digits and signs."""
    spaced = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", name)
    words = re.findall(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*", spaced)
    return [word.lower() if word.isupper() else word for word in words]


def _runs(words: Sequence[str]) -> Iterator[list[str]]:
    """The longest runs of `words` that begin and end with a kitchen word, with LINKS between."""
    run: list[str] = []
    links: list[str] = []
    for word in words:
        if _is_food(word) or _actions_of(word):
            run += [*links, word] if run else [word]
            links = []
        elif word.casefold() in LINKS:
            links.append(word)
        else:
            yield run
            run, links = [], []
    yield run


def _is_food(word: str) -> bool:
    return any(_is_among(fold(word), language, words) for language, words in FOOD.items())


def _is_full_action(word: str) -> bool:
    """Whether `word` names an action as "kneading" does. A camera is "rolling", too."""
    folded = fold(word)
    return folded.endswith("ing") and folded != "rolling" and bool(_actions_of(word))


def _actions_of(word: str) -> frozenset[str]:
    """The actions that `word` names. Words that only resemble one name none."""
    return frozenset(
        action
        for action in ACTIONS
        for language, words in WORDS[action].items()
        if _is_among(fold(word), language, words)
    )


def _is_among(word: str, language: str, words: str) -> bool:
    """Whether a folded `word` is one of `words`, or has the stem of one in their language."""
    return word in words.split() or stem(word, language) in _stems(language, words)


@lru_cache(maxsize=64)
def _stems(language: str, words: str) -> frozenset[str]:
    return frozenset(stem(fold(word), language) for word in words.split())
