"""What columns are called, in the languages surveys are fielded in.

A name in, a yes or no out: every pattern runs on `plain`, the name in lower case, without accents and punctuation.
English, Portuguese, Spanish, German, French, with the commonest words of Italian, Dutch and Swedish; the question about
recommending in some twenty more languages.
"""

import re
import unicodedata

NPS = re.compile(r"\bnps\b|net ?promoter")
RECOMMEND = re.compile(
    r"recommend|recomi?end|recomand|recommand|empfehl|raccomand|consigli|aanbevee?l|aan te bevelen|"
    r"re[ck]ommender|anbefal|suositte|polec|doporuc|odporuc|ajanl|tavsiye|рекоменд|порекоменд|συστησ|συνιστ|推荐|推薦|推奨|おすすめ|お勧め|"
    r"お薦め|すすめたい|勧めたい|추천|แนะนำ|gioi thieu|rekomendasi|merekomendasikan|תמליצ|המלצ|توصي|توصية"
)
ZERO_TO_TEN = re.compile(r"\b0 (?:to |through |bis |a |ate |tot |au? |do |til |till |den |ve |から |到 |至 )?10\b")
SCORE = re.compile(
    r"\b(scores?|ratings?|rate|likelihood|likely|notas?|note|puntuacion|puntaje|calificacion|valoracion|pontuacao|"
    r"avaliacao|bewertung|wertung|punktzahl|evaluation|punteggio|voto|cijfer|betyg|stars?|overall)\b"
)
COMMENT = re.compile(
    r"\b(comments?|comentarios?|kommentare?|commentaires?|commento|opmerking|verbatims?|feedback|why|warum|weshalb|"
    r"wieso|pourquoi|por ?que|perche|waarom|varfor|reasons?|motivos?|razon|grund|raison|justificativa|begrundung|"
    r"improve[ds]?|improvements?|better|besser|mieux|mejorar?|melhorar?|melhorias?|verbessern?|ameliorer|"
    r"opinion|opiniao|anmerkung(en)?|went wrong|"
    r"disappoint\w*|"
    r"bemerkung(en)?|remarks?|observaco?es|observaciones|tell us)\b"
)
WHY = re.compile(
    r"\b(why|warum|weshalb|wieso|pourquoi|por ?que|perche|waarom|varfor|reasons?|motivos?|razon|grund|raison|"
    r"justificativa|begrundung|hvorfor|miksi|dlaczego|proc|neden|почему|为什么|為什麼|理由|なぜ|이유|왜)\b|理由|为什么|為什麼|なぜ|이유"
)
TEXT = re.compile(
    r"\b(text|texto|texte|content|review|message|mensaje|mensagem|answer|respuesta|resposta|antwort|reponse|response|"
    r"open ended|freitext|title|explain|explique|describe)\b"
)
RATING = re.compile(
    r"\b(rate|rated|ratings?|scores?|satisf\w*|zufrieden\w*|how likely|out of (five|ten|5|10)|scale of|stars?|"
    r"avaliacao|calificacion|bewertung|ces|csat)\b"
)
OUTCOME = re.compile(
    r"\b(csat|ces|c sat|satisfaccion|satisfacao|satisfaction|satisfied|zufriedenheit|zufrieden|soddisfa\w*|tevreden\w*|"
    r"nojd\w*|effort|esfuerzo|esforco|aufwand|easy|ease|einfach|facil|facile)\b"
)
DATE = re.compile(
    r"\b(dates?|datum|data|fecha|timestamp|time|created|submitted|completed|responded|recorded|received|zeitstempel|"
    r"marca temporal|carimbo|horodateur|month|monat|mes|mois|day|at)\b"
)
CALLED_DATE = re.compile(r"\b(dates?|datum|fecha|timestamp|zeitstempel|horodateur)\b|^data$")
ANSWERED = re.compile(
    r"respon|submi|complet|record|answer|creat|timestamp|receiv|zeitstempel|temporal|carimbo|horodat|survey|review|post"
    r"|publish"
)
RESPONSE_ID = re.compile(
    r"^(id|uuid|guid|nr)$|(response|record|submission|answer|feedback|interview|antwort) ?(id|nr)\b"
)
PERSON_ID = re.compile(
    r"(respondent|customer|client|cliente|user|member|account|contact|subscriber|panelist|person|kunden?|usuario|patient"
    r"|guest|employee) ?(id|number|no|nr|nummer|key|code|ref)\b|^(respondent|panelist|participant)$"
)
ANY_ID = re.compile(r"\b(id|ids|uuid|guid|token|hash|url|link)\b")
CONTACT = re.compile(
    r"e ?mail|phone|\b(mobile|telefono?|telefone|celular|tel|handy|whatsapp)\b|\bip( ?addr\w*| ?adresse)?\b|"
    r"^((full|middle|sur|family|given|user|customer|client|contact|respondent|recipient|your|nick) ?)?names?$|"
    r"(first|last) ?names?$|^(nome|nombre|apellidos?|sobrenome|nom)$|vorname|nachname|prenom|"
    r"\b(street|address|adresse|direccion|endereco)\b|birth|geburt|nascimento|nacimiento|naissance|"
    r"\b(cpf|ssn|passport|zip|postcode|plz|cep)\b|post(al)? ?code|latitude|longitude"
)
PERSONAL = re.compile(
    r"^((full|middle|sur|family|given|user|customer|client|contact|respondent|recipient|your|nick) ?)?names?$|"
    r"(first|last) ?names?$|^(nome|nombre|apellidos?|sobrenome|nom|contact)$|vorname|nachname|prenom|\bdob\b|birth|"
    r"geburt|nascimento|nacimiento|naissance|geboorte|nascita|fodelse|\b(cpf|ssn|nino|nif|dni|passport|reisepass)\b|"
    r"social security|national insurance|^(twitter|instagram|facebook|linkedin)( (handle|name|user|profile))?$"
)
"""Columns that speak of one person whatever they hold; others that CONTACT finds are kept out where values vary."""
WEIGHT = re.compile(
    r"^((survey|sample|sampling|design|case|post ?strat\w*|response) )?(weights?|wgt|weighting|gewichtung|gewicht)$"
    r"|^(poids|ponderacion|ponderacao|peso)( (muestral|amostral))?$"
)


def plain(name: str) -> str:
    """Lower-case a column name, part its words, drop accents and punctuation.

    Examples
    --------
    >>> plain("NPS_SCORE"), plain("...why?"), plain("Comentário"), plain("IPAddress")
    ('nps score', 'why', 'comentario', 'ip address')
    """
    if name.strip() == "#":
        return "nr"
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    bare = "".join(c for c in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(c))
    bare = unicodedata.normalize("NFC", bare)  # Korean syllables come apart in NFKD
    return " ".join(re.sub(r"[\W_]+", " ", bare).casefold().split())
