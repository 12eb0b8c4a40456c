"""Words that mean the same for the intent, whoever writes them: "reactivar", "revivir", "devolver".

A linear model over word n-grams only knows the words it has seen together. Sequences of the
concepts below carry what it learned of one wording over to the next one.
"""

import re
from functools import lru_cache

# Stems (open at the end) and, where a stem would take too much, whole words closed by "$".
# All folded: lower case, without accents. The first concept that matches a word counts.
_STEMS: dict[str, str] = {
    "LIST": "lista$ listas$ listita$ listado$ list$ lists$ alias$ xname$",
    "RESTORE": "restable rescat levanten$ "
    "restabli restitu restaur reactiv rehabilit recuper recobr reviv resucit "
    "devolv devuelv devuelt reponer$ repong repon$ reposicion reinstal reanud reabr reabie "
    "reincorpor reintegr retomar$ retomem revert reviert regresenn regresen$ regresarnos$ "
    "regreses$ regresenos$ regresenme$ rehacer descongel desbloque",
    "AGAIN": "nuevamente$ vuelv volv vuelt otra$ otro$ renacer revivan$",
    "CREATE": "crear crea$ creen$ cree$ creacion creen crean$ creemos$ abrir abran$ abra$ abran "
    "abrirnos apertura generar genere$ generen$ generacion$ habilit conformar conformacion "
    "instituy establecer formar$ armar$ armen$ alta$ altas$ asign implement constitu hagan$ "
    "hacernos$ haga$ obtener tramitar$ tramite$ gestionar$",
    "NEW": "nuev propi primera$ distinta$ adicional aparte$ desde$",
    "NEED": "necesit nesecit requer requier ocup hace$ falta$ urge quier kier quis kis desea dese$ "
    "gustaria interes queremos$ queria",
    "ASK": "solicit solisit pido$ pedir pedimos$ pedirles$ pide$ piden$ pedi$ peticion petici "
    "favor$ porfa porfis ruego$ rogamos$ suplic agradec",
    "HAD": "tenia teniamos$ usabamos$ usaba ocupabamos$ ocupaba manejab contabamos$ contaba "
    "utilizab existia existio era$ eran$ mandabamos$ empleab operab antes$ anterior anteriores$ "
    "vieja viejas$ antigu existente",
    "GONE": "rebot cancelacion quedamos$ "
    "quitaron$ eliminaron$ elimino$ borraron$ desaparec cancelaron$ retiraron$ "
    "retirad bajaron$ tumbaron$ perdimos$ perdio$ perdi$ inactiv dieron$ murio$ esfum existe$ "
    "jala$ funciona$ funcionar$ inhabilit quedo$ eliminad borrad",
    "JUNE": "junio$ general$",
    "ADD": "agreg anad inclu incorpor sumen$ sumar$ sume$ metan$ meter$ meto$ suscrib inscriban "
    "inscribanme$ integren$ ingresen$ integrarse$ entra$ entran$ entraron$ entro$ alta$",
    "REMOVE": "quiten$ quitar quita$ quite$ quitenme$ elimin saqu sacar$ sacarlo$ saca$ retire "
    "retirar remov remuev depur exclu borr limpi sale$ salen$ salieron$ desinscri baja$ bajas$",
    "CANCEL": "cancel cerrar cierr cierre$ suspend suspens paus congel desactiv disolv disuelv "
    "termino$ acabo$ concluyo$",
    "CHANGE": "cambi modific actualiz sustitu reemplaz renombr ampli prorrog extend extien renov "
    "renuev traspas transf relev correg corrij correccion fusion reduc aument ajust cede ceder "
    "unir$ separ dividir sucesor pasar$ pase$ pasen$ ahora$ partir$ vence$ vencer$ vencimiento$",
    "HOLDER": "responsable responsabl encargad titular duen cargo$ lleva$ llevar llevara$ maneje$ "
    "manejar$ nombre$ mando$ relevo$ permiso$ permisos$",
    "MEMBERS": "integrantes$ miembro padron correos$ cuentas$ direcciones$ destinatari usuarios$ "
    "base$ xmail$ vigencia$ frecuencia$ periodicidad$",
    "SEND": "envi mand difu avis compart circul distrib publi notifi inform comuni llegar$ "
    "llegue$ lleguen$ recordatori recuerd convoc anunci invit mailing$ felicit salga$ "
    "enteren$ sepan$ programar$ repart",
    "ALL": "todos$ todas$ toda$ todo$ comunidad$ masiv",
    "PEOPLE": "alumn estudiant docent profes maestr personal$ administrativ colaborador papas$ "
    "papa$ mamas$ padres$ famili egresad exalumn aspirant trabajador emplead chavos$ compan "
    "tutores$ becari gente$ externos$ investigador socios$",
    "ONCE": "unic sola$ solo$ una$ nomas$ solamente$ vez$ ocasion$ basta$",
    "STATUS": "estatus$ status$ estado$ seguimiento$ avance novedad novedades$ noticia noticias$ "
    "xfolio folio$ situacion$ resultado$ resolucion$ etapa$ procede$ procedio$ acuse$ "
    "recibieron$ llego$ recibid proceso$ quedado$ pendiente$",
    "ANSWER": "respuesta$ respond contest resolv resuelv resolvi decid decision dictam",
    "APPROVED": "aprob autoriz acept rechaz neg negaron$ negado$ proced sesion comite$",
    "DID": "mande$ envie$ mandamos$ enviamos$ solicite$ ingres entregue$ meti$ metimos$ "
    "presente$ presentamos$ espera esper insist pregunt escribi$ tramite$",
    "COMPLAIN": "quej denunc report molest hart satur spam$ abus demasiad exces inconform indebid "
    "bombarde propaganda$ publicidad$ cadena cadenas$ basura$ prohibid sancion ilegal violan "
    "violacion incumpl irregular parenle$ paren$ dejen$ chole$ fastidi invad suplant clandestin "
    "pirata consentimiento$ privacidad$ injust tanto$ tantos$",
    "GUIDE": "lineamiento regla reglas$ reglamento normativ procedimiento politica requisito "
    "criterio norma$ normas$ manual$ liga$ portal$",
    "FORM": "formato$ formatos$ formulario$ cuestionario$ solicitud$ solicitudes$",
    "DOUBT": "duda$ dudas$ consult pregunt aclar inquietud$ saber$ sabe$ explic orient "
    "informacion$",
    "WH": "cuanto$ cuantos$ cuanta$ cuando$ donde$ quien$ quienes$ cual$ cuales$ como$",
    "DOC": "adjunt anex archivo$ pdf$ word$ documento$ carta$ oficio$",
    "NOT": "no$ sin$ nunca$ tampoco$ ningun ya$ nadie$ nada$ jamas$",
    "IF": "si$ caso$ suponiendo$ hubiera$ tuviera$ fuera$ quisiera$",
    "THANKS": "gracias$ grac felicidades$",
    "WE": "nuestra$ nuestro$ nuestras$ mi$ mis$ nos$ nosotros$",
    "YOU": "ustedes$ les$ su$ sus$",
    "Q": "xq$",
}  # fmt: skip


def _compile() -> re.Pattern[str]:
    groups = []
    for name, stems in _STEMS.items():
        alternatives = "|".join(sorted(set(stems.split()), key=len, reverse=True))
        groups.append(f"(?P<{name}>{alternatives})")
    return re.compile("|".join(groups))


_PATTERN = _compile()


@lru_cache(maxsize=20_000)
def concept(word: str) -> str:
    """The concept of a folded word, or the empty string."""
    found = _PATTERN.match(word)
    return (found.lastgroup or "") if found else ""
