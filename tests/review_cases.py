"""Plans of made-up municipalities for tests of the review: three that a review should leave alone, and parts of others.

Each good plan is in one language and holds what good plans hold: dated figures with a source, goals with a baseline,
owners, sums, a review date, old names told as history, a neighbour who is a partner.
"""

from __future__ import annotations

DAY = "2026-11-22"

GOOD_EN = """\
# Kuvitteela: Integration and Good Relations Plan 2026–2030

Adopted by the Municipal Council on 15 December 2025 (section 88); in force from 1 January 2026.

## Reading this plan

Act 681/2023 (section 45) puts the planning and development of integration and good relations on the municipality. \
No separate paper is required and the Council need not approve one; Kuvitteela's Council asked for one because the \
sums are in its budget. What a single client gets is the integration programme of section 13, told in annex 2. \
Until 31 December 2024 the Integration Act of 2010 (1386/2010) asked for a programme approved by the Council.

## Who lives here

According to Statistics Finland, Kuvitteela had 4,930 residents at the end of 2024; 274 of them (5.6 per cent) \
spoke a foreign language. In 2019 the number was 151. Most work at the fish plant or in home care. The plant's \
register shows 88 workers from abroad in May 2025.

The groups are small, so this plan uses counts. In the hearing of 11 September 2025, 36 residents took part; a \
questionnaire in four languages brought 71 answers. People asked for a bus after the evening shift, a place to \
practise speaking and clearer letters from the municipality.

We expect between 10 and 30 newcomers a year: the low figure is the employment area's, the high one assumes that \
the plant adds a line.

## What we want to change

1. Shift workers pass a Finnish course: from 6 in 2025 to 20 in 2029 (adult education centre, test results).
2. Parents at home find guidance: 4 of 19 known families used the guidance point in 2025, 15 of 19 in 2028 \
(guidance point's log).
3. Newcomers have a neighbour they can ask: 29 of 71 respondents in 2025, 45 of 71 in 2029 (questionnaire).
4. Children follow teaching: 12 of 21 pupils reach the age level in reading in spring 2025, 18 of 21 in spring \
2029 (head teacher's tests).

## What we do

| What is done | Who | When | Means |
| --- | --- | --- | --- |
| Two shift-friendly Finnish courses, same lesson morning and evening | Principal of the adult education centre | \
from August 2026 | EUR 9,000 a year |
| Home visits to families with small children, interpreter along | Guidance adviser with the county's maternity \
clinic | March and October each year | 0.1 person-year |
| Village evenings in Simpukka and Rantakylä | Culture secretary and two village associations | last Thursday of \
the month from September 2026 | EUR 2,400 a year |
| Reading groups in Vietnamese and Ukrainian | Head teacher | school year 2026–2027 | EUR 4,800 |
| Rental flats for four families | Managing director of Kuvitteelan Asunnot Ltd | 2027 | EUR 150,000, company \
budget |
| Plain-language course for 22 employees | Personnel secretary | by May 2027 | EUR 1,900 |

The adult education centre will improve completion by letting learners change between morning and evening groups \
every week. Equality: the personnel secretary checks the language demands of job advertisements before they are \
published, from February 2026.

## Partners

The wellbeing services county's head of family services and the municipal manager meet in April and November. \
Kela's adviser visits on the first Tuesday of each month. With the neighbouring municipality of Näyttöniemi we \
share a coordinator: 40 per cent of her working time is ours, EUR 24,000 a year, under an agreement signed on 3 \
October 2025. The ten measures of this plan have been fitted to that time.

Kuvitteela has made an agreement under section 42 for six people a year. The county answers for health services. \
Older people who have moved here have a lunch group at the library on Wednesdays.

## Language

Training is in Finnish. Three residents asked for Swedish in 2025; they study online at Exempelby Institute, \
levels A1 to B1, paid by the employment authority.

## Follow-up

The coordinator brings the four counts to the Municipal Board every February, and the Council sees them with the \
accounts in June. A count that has not moved in two years is discussed with the residents' panel, and the owner \
proposes another measure. The plan is reviewed in autumn 2028, and sooner if the plant announces lay-offs, if a \
reception centre opens or if the Act changes.
"""

GOOD_FI = """\
# Sepitelahden kaupungin kotoutumisen suunnitelma 2026–2029

Kaupunginhallitus hyväksyi suunnitelman 24.11.2025 (§ 402). Suunnitelmakausi alkaa 1.1.2026.

## Suunnitelman asema

Kotoutumisen edistämisestä annetun lain (681/2023) 45 §:n mukaan kaupungilla on yleis- ja yhteensovittamisvastuu \
kotoutumisen ja hyvien väestösuhteiden suunnittelusta ja kehittämisestä. Erillistä asiakirjaa laki ei edellytä, ja \
suunnitelman muodosta kaupunki on päättänyt itse. Lain 13 §:n mukainen kotoutumisohjelma kuvataan palvelukortissa, \
jota työllisyysalue ylläpitää; tässä suunnitelmassa siihen vain viitataan. Yksittäisen asiakkaan \
kotoutumissuunnitelma on eri asia.

Suunnitelma koskee kaikkia ulkomailta muuttaneita asukkaita ja yhtä lailla niitä, jotka ovat asuneet täällä aina.

## Tilannekuva

Vuoden 2024 lopussa kaupungissa asui 31 870 ihmistä, joista vieraskielisiä oli 3 401 (10,7 prosenttia). Osuus on \
kasvanut viidessä vuodessa 4,1 prosenttiyksikköä (Tilastokeskus, väestörakenne). Eniten puhutaan venäjää (812), \
ukrainaa (640), arabiaa (377) ja viroa (301).

Vieraskielisten työttömyysaste oli vuonna 2024 keskimäärin 19,6 prosenttia, kun se koko väestössä oli 11,2 \
prosenttia (työnvälitystilasto). Naisten tilanne on heikompi: heidän työllisyysasteensa oli 51,0 prosenttia vuonna \
2023.

Varhaiskasvatuksessa on 268 vieraskielistä lasta ja perusopetuksessa 511 oppilasta, joiden oppimäärä on suomi \
toisena kielenä (laskenta 20.9.2025). Asukaskyselyyn vastasi keväällä 2025 yhteensä 1 022 henkilöä. Heistä 63 \
prosenttia piti naapurustoaan turvallisena; vieraskielisistä vastaajista näin ajatteli 58 prosenttia.

Kuulemistilaisuuksia pidettiin neljä helmikuussa 2025. Niissä toivottiin iltakursseja, apua digiasiointiin ja \
tietoa siitä, miten seuraan pääsee mukaan.

Väestöennusteen mukaan vieraskielisten määrä kasvaa 150–250 hengellä vuodessa. Arvio perustuu Tilastokeskuksen \
ennusteeseen ja työnantajille tehtyyn kyselyyn, ja vaihtoehdot eroavat sen mukaan, laajeneeko telakka.

## Tavoitteet ja toimet

Tavoitteet on johdettu tilannekuvasta. Jokaisella toimella on vastuuhenkilö, aika ja raha.

### 1. Työhön ja koulutukseen

Tavoite: vieraskielisten naisten työllisyysaste nousee 51 prosentista (2023) 57 prosenttiin (2028). Lähde on \
Tilastokeskuksen työssäkäyntitilasto.

Työllisyysalue avaa tammikuussa 2026 kaksi osaamiskartoitusryhmää kotihoidon tuelta palaaville. Ryhmiin otetaan 24 \
osallistujaa vuodessa. Vastuussa on palvelupäällikkö Työllisyyspalveluista, kustannus 42 000 euroa vuodessa. \
Sepitelahden aikuislukio tarjoaa iltaisin suomen kielen opetusta tasoille A1–B1; rehtori vastaa ryhmien koosta ja \
raportoi keskeyttämiset lautakunnalle joulukuussa.

### 2. Asuminen ja arki

Tavoite: vieraskielisten häätöjen määrä laskee 14:stä (2024) enintään seitsemään (2028). Lähde on Sepitelahden \
Kodit Oy:n rekisteri.

Asumisneuvoja käy uusien vuokralaisten luona kahden viikon kuluessa muutosta. Neuvojan palkka, 48 000 euroa \
vuodessa, on yhtiön talousarviossa. Yhtiön toimitusjohtaja vastaa.

### 3. Lapset, nuoret ja oma kieli

Tavoite: peruskoulun päättävistä vieraskielisistä nuorista 96 prosenttia saa opiskelupaikan (91 prosenttia vuonna \
2024, Koski-tietovaranto).

Oman äidinkielen opetusta annetaan yhdeksässä kielessä 214 oppilaalle. Sivistysjohtaja lisää somalin ja dariryhmän \
elokuussa 2026, kustannus 19 000 euroa. Nuorisopäällikkö vahvistaa etsivää nuorisotyötä yhdellä arabiankielisellä \
ohjaajalla 1.9.2026 alkaen.

### 4. Yhdenvertaisuus ja hyvät väestösuhteet

Tavoite: niiden vastaajien osuus, jotka pitävät naapurustoaan turvallisena, nousee 63 prosentista 70 prosenttiin \
vuoteen 2029, ja ero kieliryhmien välillä kapenee kolmeen prosenttiyksikköön.

Naapurisovittelijoita koulutetaan 20 vuodessa (hyvinvointikoordinaattori, 6 000 euroa). Rasismin vastaista \
toimintamallia kokeillaan kolmessa koulussa lukuvuonna 2026–2027. Henkilöstöjohtaja ottaa anonyymin rekrytoinnin \
käyttöön maaliskuussa 2026.

### 5. Kansainvälistä suojelua saavat ja ikääntyneet

Kaupungilla on kotoutumislain 42 §:n mukainen sopimus 40 kuntapaikasta vuodessa. Vastaanotosta vastaa \
maahanmuuttopalvelujen esihenkilö. Ikääntyneille muuttajille kirjasto järjestää keskiviikkoisin digiavun, jota \
antavat kaupungin palkkaamat omakieliset ohjaajat (11 000 euroa vuodessa).

### 6. Henkilöstö

Asiakaspalvelun 75 työntekijää suorittaa selkokielen ja tulkin käytön koulutuksen vuoden 2027 loppuun mennessä, \
henkilöstöjohtaja, 8 000 euroa.

## Kieli

Sepitelahti on suomenkielinen kaupunki, mutta kotoutumiskoulutusta saa myös ruotsiksi: työllisyysalue ostaa \
etäkurssit Exempelbyn opistosta tasolle B1 asti. Vuonna 2024 ruotsin valitsi neljä asiakasta.

## Yhteistyö

Maahanmuuttopalvelujen esihenkilö johtaa yhteistyöryhmää, johon kuuluvat hyvinvointialue, Kela, työllisyysalue, \
seurakunta ja viisi yhdistystä. Ryhmä ei ole lakisääteinen. Se kokoontuu helmi-, touko-, syys- ja marraskuussa. \
Punaisen Ristin paikallisosasto järjestää ystävätoimintaa kaupungin avustuksella (7 500 euroa vuodessa). \
Naapurilan kaupungin kanssa on sovittu yhteisestä tulkkivälityksestä.

## Rahoitus

Suunnitelman toimiin käytetään vuonna 2026 yhteensä 236 000 euroa, josta 40 000 euroa on valtion laskennallista \
korvausta. AMIF-hanke Silta maksaa osaamiskartoitusryhmien kehittämisen vuoden 2027 loppuun; hankkeen jälkeen \
ryhmät jatkavat työllisyysalueen määrärahalla.

## Seuranta ja tarkistaminen

Maahanmuuttopalvelujen esihenkilö kokoaa mittarit tammikuussa ja esittelee ne kaupunginhallitukselle helmikuussa. \
Jos mittari on tavoitteesta jäljessä, vastuuhenkilö tuo maaliskuussa uuden toimen. Suunnitelma tarkistetaan \
valtuustokauden vaihtuessa syksyllä 2029. Se avataan aiemmin, mikäli laki muuttuu tai muuttajien määrä ylittää \
arvion kolmanneksella.

Viestintäpäällikkö julkaisee vuosittain huhtikuussa tiivistelmän seitsemällä kielellä.
"""

GOOD_SV = """\
# Plan för integration och goda befolkningsrelationer i Mallby 2027–2030

Godkänd av kommunfullmäktige den 9 november 2026 § 71. Planen träder i kraft den 1 januari 2027.

## 1 Vad planen är

Integrationslagen (681/2023) ger kommunen ansvaret för att planera och utveckla integrationen och de goda \
relationerna mellan befolkningsgrupperna (45 §). Lagen föreskriver inget dokument, inga indikatorer och inget \
godkännande av fullmäktige. Mallby har valt att samla sina åtgärder i en plan eftersom sex enheter behöver en \
gemensam lista.

Planen är inte integrationsprogrammet enligt 13 §. Integrationsprogrammet är ett paket av tjänster i det inledande \
skedet och beskrivs i kapitel 6. Fram till utgången av 2024 gällde lag 1386/2010, som förutsatte ett program för \
integrationsfrämjande; vårt senaste program avsåg åren 2021–2024 och utvärderades i mars 2025.

Planen gäller alla invandrare i kommunen oberoende av varför de har kommit: arbetstagare, studerande, \
familjemedlemmar, flyktingar, hemmavarande föräldrar och äldre.

## 2 Lägesbild

Siffrorna kommer från Statistikcentralen (tabellerna 11rm och 14jt, uttag 12.8.2026) om inget annat anges.

Den 31 december 2025 hade Mallby 8 214 invånare. Av dem hade 612 ett främmande språk som modersmål (7,5 %), mot \
298 tio år tidigare. De största språken var vietnamesiska (141), ukrainska (128), engelska (72) och ryska (66).

Enligt sysselsättningsområdets uppskattning i juni 2026 kom hälften av de nyinflyttade till livsmedelsfabriken och \
växthusen, en fjärdedel som familjemedlemmar och en femtedel med internationellt eller tillfälligt skydd. År 2024 \
var 71 % av invånarna med utländsk bakgrund i åldern 20–64 sysselsatta (338 personer), bland övriga 79 %.

I invånarenkäten i april 2026 (518 svar) uppgav 44 % av dem med annat modersmål att de känner en granne med \
svenska eller finska som modersmål. Vid tre kvällsmöten i mars 2026 deltog 57 personer. De tog upp tre saker: \
kurserna börjar när skiftet börjar, hyresvärdar frågar efter en borgensman och det är svårt att få veta vem man \
ska fråga.

Vi räknar med 30–60 nya invånare per år. Den lägre siffran bygger på sysselsättningsområdets prognos, den övre på \
fabrikens anmälan om ett tredje skift.

## 3 Mål

| Mål | Utgångsläge | Mål 2030 | Mätare och källa | Ansvarig | Anslag per år |
| --- | --- | --- | --- | --- | --- |
| A. Skiftarbetare når nivå A2 i svenska | 9 personer läsåret 2025–26 | 25 personer läsåret 2029–30 | Nivåtest, \
medborgarinstitutet | Rektorn för medborgarinstitutet | 18 000 € |
| B. Kvinnor med utländsk bakgrund får arbete | 64 % (2024, 151 personer) | 70 % (uppgift för 2029) | \
Integrationsindikatorerna 117e | Sysselsättningsområdets servicechef | 25 000 € |
| C. Familjer bor tillräckligt rymligt | 17 trångbodda familjer (6/2026) | högst 7 (6/2030) | Hyresbostadsbolagets \
register | Bolagets verkställande direktör | 60 000 € år 2028 |
| D. Grannar känner varandra | 44 % (4/2026) | 55 % (4/2030) | Invånarenkät vartannat år | Integrationssamordnaren \
| 7 000 € |

## 4 Åtgärder

### Sysselsättning och språk

- Medborgarinstitutet håller från augusti 2027 två svenskkurser för skiftarbetare, samma innehåll morgon och \
kväll. Rektorn ansvarar, 18 000 euro per år (A).
- Sysselsättningsområdet stärker vägen till arbete genom att anställa en arbetscoach på halvtid i Mallby från mars \
2027, 25 000 euro per år; servicechefen (B).
- Näringslivschefen bjuder in de fem största arbetsgivarna till en träff varje oktober om språkstöd på \
arbetsplatsen. Resultat: antalet arbetsplatser som har en språkmentor (3 år 2026, mål 10 år 2029).

### Boende, välfärd och hälsa

- Välfärdsplaneraren och Keksimaa välfärdsområdes utvecklingschef sammanjämkar planeringen i februari och \
september. Det första gemensamma arbetet är en remissblankett för rådgivningen, i bruk 1.6.2027. Ingen merkostnad.
- Hyresbostadsbolaget bygger om tolv små lägenheter till sex familjelägenheter 2028 (C).

### Barn, unga, eget språk och kultur

- Bildningschefen ordnar undervisning i eget modersmål på vietnamesiska och ukrainska från augusti 2027, \
tillsammans med Grannby kommun som distansgrupp; 6 500 euro per år. Mål: tre av fyra elever fortsätter andra året.
- Ungdomssekreteraren utvecklar fritidspasset så att det fås i skolan utan ansökan; klart i maj 2027, 5 000 euro \
per år.

### Likabehandling, delaktighet och goda relationer

- Personalchefen tar i bruk anonym rekrytering från 1.3.2027. Mätare: andelen sökande med främmande språk bland \
dem som kallas till intervju (5 % år 2026, mål 8 % år 2029).
- Tre byaföreningar bjuder in nya invånare till talko och fester. Kommunen betalar 1 500 euro per by, och \
integrationssamordnaren avtalar om programmet i januari varje år (D).
- En panel med åtta invånare läser uppföljningen före kommunstyrelsen varje år; arvoden och tolkning 2 200 euro, \
förvaltningschefen.

### Personer med skydd och de som kommit ensamma

Mallby har ett avtal enligt 42 § med livskraftscentralen för åren 2025–2028: högst 15 personer per år. \
Välfärdsområdet har hörts. Integrationssamordnaren ansvarar för mottagandet, välfärdsområdet för boendet för barn \
utan vårdnadshavare. Den kalkylerade ersättningen beräknas till 71 000 euro år 2027 (KEHA-centralen) och har \
tagits upp i budgeten som inkomst för detta arbete.

### Personal

- 38 anställda inom småbarnspedagogik, bibliotek och kundservice utbildas i klarspråk och i att arbeta med tolk \
före utgången av 2028; personalchefen, 3 500 euro per år.

## 5 Språk

Integrationsutbildning på svenska ges vid Exempelby yrkesinstitut upp till nivå B1.1, 14 kilometer bort; \
sysselsättningsområdet betalar bussen. Utbildning på finska köps av Storby vuxeninstitut på distans. År 2025 valde \
31 klienter svenska och 12 finska. Valet görs vid den första intervjun.

## 6 Integrationsprogrammet (13 §)

Tjänsterna är bedömningen av kompetens och behov av integrationstjänster, integrationsplanen, samhällsorientering \
på minst 70 timmar på fem språk, integrationsutbildning och annan utbildning, handledning och rådgivning samt \
slutprovet i språkkunskaper. Keksimaa sysselsättningsområde sköter dem för arbetssökande och enligt avtal (8 §) \
även för övriga. Integrationssamordnaren tar emot kontakter enligt 9 §. Integrationsplanen ses över minst var \
sjätte månad.

## 7 Pengar

| Euro | 2027 | 2028 | 2029 | 2030 |
| --- | --- | --- | --- | --- |
| Integrationssamordnare, 0,8 årsverken | 46 000 | 47 000 | 48 000 | 49 000 |
| Mål A, B och D | 50 000 | 50 000 | 50 000 | 50 000 |
| Övriga åtgärder | 18 700 | 18 700 | 18 700 | 18 700 |

Projektet som prövade språkmentorer avslutades i juni 2026; arbetet fortsätter med kommunens egen budget.

## 8 Uppföljning och revidering

Integrationssamordnaren rapporterar varje mars till kommunstyrelsen och i juni till fullmäktige i samband med \
bokslutet. Om ett mål är mer än en tredjedel efter föreslår den ansvariga en ändrad åtgärd vid nästa möte.

Planen ses över hösten 2029. Den öppnas tidigare om integrationslagen ändras, om antalet inflyttade avviker mer än \
en tredjedel från uppskattningen eller om fabriken inleder omställningsförhandlingar. Före 2026 var den regionala \
myndigheten NTM-centralen; dess uppgifter övergick till livskraftscentralen.

Kommunikationssekreteraren publicerar en sammanfattning på sex språk i januari 2027.
"""
