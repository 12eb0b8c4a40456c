"""First names and short names that end mails here, folded: a line of its own is no message."""

from __future__ import annotations

from nlp.text.fold import word_set

FIRST_NAMES = word_set(
    """
    abel abigail abraham abril ada adan adela adrian adriana agustin agustina aida aide alan
    alberto ale alejandra alejandro alex alexis alfonso alfredo ali alicia alma alondra alonso
    alvaro amalia amanda amelia amparo ana anabel analaura andrea andres angel angela angeles
    angelica anita antonia antonio araceli ariadna ariana armando arturo aurora axel azucena
    barbara beatriz belen benita benito benjamin berenice bernardo bertha beto betty blanca
    brandon brenda brian bruno camila camilo candelaria carla carlos carmen caro carolina caty
    cecilia celia cesar chayo chela chelo chema chucho cinthia cintia clara claudia clemente
    concepcion conchita connie consuelo cristian cristina cristobal cuauhtemoc cynthia dafne
    dalia damian dani daniel daniela dario david debora delfina denisse diana diego dolores
    domingo dora dulce edgar edith edmundo eduardo efrain efren elba elena eli elias elisa
    elizabeth elsa elvia elvira emilia emiliano emilio emma enrique erendira eric erick erika
    ernesto esperanza esteban estela ester esther eugenia eugenio eva evelyn ezequiel fabian
    fabiola fatima federico felipe felix fer fermin fernanda fernando fidel flor florencia
    francisca francisco frida gabi gabriel gabriela gaby gael genaro genoveva georgina geovanni
    gerardo german gilberto gina gisela gloria gonzalo graciela gregorio griselda guadalupe
    guille guillermina guillermo gustavo hector helena heriberto hernan hilda homero horacio
    hugo humberto ian ignacio iker ileana ilse imelda ines ingrid irais irene iris irma irving
    isaac isabel isaias isela ismael israel itzel ivan ivette ivonne jacinto jacobo jacqueline
    jaime janet javier jaz jazmin jennifer jeronimo jessica jesus jime jimena joaquin joel
    jonathan jorge jose josefina josue juan juana juanita judith julia julian juliana julieta
    julio karen karina karla karol kary katia kenia kevin kike laila lalo lara lau laura leandro
    leo leon leonardo leonel leonor leticia lety lidia lilia liliana lily linda lisa liz lizbeth
    lizeth lola lorena lorenzo lourdes lucas lucero lucia luciana lucila lucy luis luisa lulu
    lupe lupita luz macario magali magaly magda magdalena maite manolo manuel manuela mar mara
    marce marcela marcelo marco marcos margarita mari maria mariana mariano maribel maricarmen
    maricela mariel marina mario marisa marisol maritza marlen marta martha marthita martin
    martina maru mary mateo matias maura mauricio max maximiliano mayra mayte meche melisa
    melissa memo mercedes mica micaela miguel mike milagros mima mireya miriam misael moises
    moni monica monse monserrat montse montserrat nacho nadia nallely nancy naomi natalia nati
    nayeli nelly nelson nestor nicolas nidia noe noel noelia noemi nohemi nora norberto norma
    octavio ofelia olga olivia omar orlando oscar osvaldo oswaldo pablo paco pamela pao paola
    pascual pati patricia patricio patty paty pau paula paulina paulo pedro pepe perla pilar
    rafa rafael ramiro ramon raquel raul rebeca regina renata rene reyna ricardo richard
    rigoberto rita rob roberta roberto rocio rodolfo rodrigo rogelio rolando roman romina roque
    rosa rosalba rosalia rosalinda rosario rosaura rosita rosy roxana ruben rubi ruth sabina
    salma salomon salvador samantha samuel sandra santiago santos sara saul sebastian selene
    sergio silvana silvia simon socorro sofi sofia sol soledad sonia susana tadeo tamara tania
    tatiana tere teresa thelma tomas tono trinidad ulises uriel vale valentin valentina valeria
    vanessa vero veronica vicente vicky victor victoria violeta virginia viridiana vivian walter
    wendy xavi xavier ximena xochitl yadira yael yamileth yaretzi yesenia yolanda yuri yuridia
    zaira zoe zulema
    """
)
