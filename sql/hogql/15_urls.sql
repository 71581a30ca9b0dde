-- Parts of URLs, found where ClickHouse finds them: by their marks, without checking the rest.

-- What follows the scheme, up to the first `:`, `/`, `?` or `#`, users included.
CREATE OR REPLACE FUNCTION hogql.authority(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT substring(url FROM '^(?://|.[A-Za-z0-9.+-]{0,12}://)?([^:/?#]*)')
$$;

-- The host; '' when it has no dot or an impossible character.
CREATE OR REPLACE FUNCTION hogql.domain(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN hogql.authority(url) !~ '\.' OR hogql.authority(url) ~ '[ \t<>%{}|\\^~\[\];=&]|\.$' THEN ''
    ELSE regexp_replace(hogql.authority(url), '^.*@', '') END
$$;

CREATE OR REPLACE FUNCTION hogql.domain_without_www(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT regexp_replace(hogql.domain(url), '^www\.', '') $$;

-- The last label of the host, '' for an address in numbers.
CREATE OR REPLACE FUNCTION hogql.top_level_domain(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN url IS NOT NULL THEN coalesce(substring(hogql.domain(url) FROM '\.([^.0-9][^.]*)$'), '') END
$$;

CREATE OR REPLACE FUNCTION hogql.protocol(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN url IS NOT NULL THEN coalesce(substring(url FROM '^([A-Za-z][A-Za-z0-9.+-]*):...'), '') END
$$;

-- From the first slash behind the host, with query and fragment.
CREATE OR REPLACE FUNCTION hogql.path_full(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN url IS NOT NULL THEN coalesce(
    CASE WHEN url ~ '^[^/]*//' THEN substring(url FROM '^[^/]*//[^/]*(/.*)') ELSE substring(url FROM '/.*') END, '') END
$$;

CREATE OR REPLACE FUNCTION hogql.path(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT substring(hogql.path_full(url) FROM '^[^?#]*')
$$;

CREATE OR REPLACE FUNCTION hogql.query_string(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN url IS NOT NULL THEN coalesce(substring(url FROM '\?([^#]*)'), '') END
$$;

CREATE OR REPLACE FUNCTION hogql.fragment(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN url IS NOT NULL THEN coalesce(substring(url FROM '#(.*)'), '') END
$$;

CREATE OR REPLACE FUNCTION hogql.query_string_and_fragment(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN url IS NOT NULL THEN coalesce(substring(url FROM '\?(.*)'), substring(url FROM '#.*'), '') END
$$;

CREATE OR REPLACE FUNCTION hogql.cut_query_string(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT regexp_replace(url, '\?[^#]*', '') $$;

CREATE OR REPLACE FUNCTION hogql.cut_fragment(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT regexp_replace(url, '#.*', '') $$;

CREATE OR REPLACE FUNCTION hogql.cut_query_string_and_fragment(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN strpos(url, '?') > 0 THEN regexp_replace(url, '\?.*', '') ELSE regexp_replace(url, '#.*', '') END
$$;

CREATE OR REPLACE FUNCTION hogql.cut_www(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(url, '^([A-Za-z][A-Za-z0-9.+-]*://(?:[^/?#]*@)?)www\.', '\1')
$$;

-- What follows the scheme up to the marks that end it; without a user the last slash and the last question mark count.
CREATE OR REPLACE FUNCTION hogql.netloc_end(rest text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN rest ~ '^[^#]*@' THEN substring(rest FROM '^[^#@]*@[^/?# \t<>%{}|\\^~\[\];=&]*')
    WHEN strpos(rest, '#') > 0 THEN split_part(rest, '#', 1)
    ELSE left(rest, least(length(rest), length(substring(rest FROM '^(.*)/')), length(substring(rest FROM '^(.*)\?')),
      length(substring(rest FROM '^(.*)[ \t<>%{}|\\^~\[\];=&]')))) END
$$;

-- Host, port and user.
CREATE OR REPLACE FUNCTION hogql.netloc(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN url ~ '^(?!//).[A-Za-z0-9.+-]{0,14}[ \t<>%{}|\\^~\[\];=&]' THEN ''
    ELSE hogql.netloc_end(regexp_replace(url, '^(?://|.[A-Za-z0-9.+-]{0,12}://)', '')) END
$$;

CREATE OR REPLACE FUNCTION hogql.port(url text, missing bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN url IS NOT NULL THEN coalesce(nullif((SELECT CASE WHEN found::bigint <= 65535 THEN found::bigint END
    FROM substring(regexp_replace(url, '^(?://|.[A-Za-z0-9.+-]{0,12}://)', '') FROM '^[^:/?#]*:([0-9]{1,9})(?:[/?#]|$)') AS found
    WHERE hogql.domain(url) <> ''), 0), missing) END
$$;

-- What stands behind the first `?` or `#`.
CREATE OR REPLACE FUNCTION hogql.parameter_text(url text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT substring(url FROM '[?#].*') $$;

CREATE OR REPLACE FUNCTION hogql.url_parameter(url text, name text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN url IS NOT NULL AND name IS NOT NULL THEN coalesce(CASE WHEN name <> '' THEN
    substring(hogql.parameter_text(url) FROM '[?#&]' || regexp_replace(name, '([^A-Za-z0-9_])', '\\\1', 'g') || '=([^&#]*)') END, '') END
$$;

-- `name=value` in their order; a last name without a value is left out.
CREATE OR REPLACE FUNCTION hogql.url_parameters(url text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT regexp_replace(m[1], '[&#]$', '')
    FROM regexp_matches(substr(hogql.parameter_text(url), 2), '(?:[^=&#?]*\?)*([^=&#?]*(?:=[^&#]*(?:[&#]|$)|[&#]))', 'g')
      WITH ORDINALITY AS e (m, n) ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.url_parameter_names(url text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT split_part(p, '=', 1) FROM unnest(hogql.url_parameters(url)) WITH ORDINALITY AS e (p, n) ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.cut_url_parameter(url text, name text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN name = '' OR strpos(translate(url, '#', '?'), '?') = 0 THEN url
    ELSE substring(url FROM '^[^?#]*') || regexp_replace(hogql.parameter_text(url),
      replace('&@=[^&#]*|([?#])@=[^&#]*&?', '@', regexp_replace(name, '([^A-Za-z0-9_])', '\\\1', 'g')), '\1') END
$$;

-- `%41` as the byte that it says; what is no escape stays.
CREATE OR REPLACE FUNCTION hogql.decode_url(value text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN strpos(value, '%') = 0 THEN value ELSE (SELECT string_agg(
      CASE WHEN m[1] LIKE '%__' AND left(m[1], 1) = '%' THEN hogql.bytes_text(decode(replace(m[1], '%', ''), 'hex')) ELSE m[1] END, '' ORDER BY n)
    FROM regexp_matches(value, '(?:%[0-9a-fA-F]{2})+|[^%]+|%', 'g') WITH ORDINALITY AS e (m, n)) END
$$;

CREATE OR REPLACE FUNCTION hogql.encode_url(value text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value !~ '[^A-Za-z0-9._~-]' THEN value ELSE (SELECT string_agg(
      CASE WHEN c ~ '^[A-Za-z0-9._~-]$' THEN c ELSE regexp_replace(upper(encode(convert_to(c, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END, '' ORDER BY n)
    FROM unnest(string_to_array(value, NULL)) WITH ORDINALITY AS e (c, n)) END
$$;

-- The beginnings of what follows the host, each up to a mark, the shortest first.
CREATE OR REPLACE FUNCTION hogql.url_steps(path text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN path = '' THEN '{}' ELSE ARRAY[left(path, 1)] || ARRAY(SELECT left(path, 1) || string_agg(m[1], '') OVER (ORDER BY n)
    FROM regexp_matches(substr(path, 2), '[/?#]*[^/?#]+[/?#]?', 'g') WITH ORDINALITY AS e (m, n) ORDER BY n) END
$$;

CREATE OR REPLACE FUNCTION hogql.url_hierarchy(url text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN url ~ '^[A-Za-z0-9.+-]+://[^/?#]*[/?#]' THEN ARRAY(
      SELECT substring(url FROM '^[A-Za-z0-9.+-]+://[^/?#]*') || step
      FROM unnest(hogql.url_steps(substring(url FROM '^[A-Za-z0-9.+-]+://[^/?#]*(.*)'))) WITH ORDINALITY AS e (step, n) ORDER BY n)
    ELSE ARRAY[url] END
$$;

CREATE OR REPLACE FUNCTION hogql.url_path_hierarchy(url text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (hogql.url_steps(coalesce(substring(url FROM '^[A-Za-z0-9.+-]+://[^/?#]*(.*)'), '')))[2:]
$$;

-- Whether two labels are an ending under which others register names, such as co.uk. From the Public Suffix List.
CREATE OR REPLACE FUNCTION hogql.is_public_suffix(labels text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT strpos(translate(' ac.ae ac.at ac.be ac.ci ac.cn ac.cr ac.cy ac.fj ac.gn ac.id ac.il ac.im ac.in ac.ir ac.jp ac.ke ac.kr ac.lk ac.ls ac.ma
ac.me ac.mu ac.mw ac.mz ac.ni ac.nz ac.pa ac.pr ac.rs ac.ru ac.rw ac.se ac.sz ac.th ac.tj ac.tz ac.ug ac.uk ac.vn ac.za
ac.zm ac.zw act.au ad.jp adv.br adv.mz aid.pl art.br art.do art.dz art.ht art.pl art.sn asn.au asn.lv ass.km asso.ci
asso.dz asso.fr asso.gp asso.ht asso.km asso.mc asso.nc asso.re avoues.fr biz.at biz.az biz.bb biz.cy biz.dk biz.et
biz.fj biz.gl biz.id biz.in biz.ki biz.ls biz.mv biz.mw biz.my biz.ni biz.nr biz.pk biz.pl biz.pr biz.ss biz.tj biz.tr
biz.tt biz.ua biz.vn biz.wf biz.zm blog.bo blog.br blog.gt blog.kg blog.vu co.ae co.ag co.am co.ao co.at co.bb co.bi
co.bj co.bn co.bw co.ca co.ci co.cl co.cm co.cr co.cz co.dk co.gg co.gl co.gy co.hu co.id co.il co.im co.in co.ir co.it
co.je co.jp co.ke co.kr co.lc co.ls co.ma co.me co.mg co.mu co.mw co.mz co.na co.ni co.nl co.no co.nz co.om co.pl co.pn
co.pw co.ro co.rs co.rw co.st co.sz co.th co.tj co.tm co.tt co.tz co.ua co.ug co.uk co.us co.uz co.ve co.vi co.za co.zm
co.zw com.ac com.af com.ag com.ai com.al com.am com.ar com.au com.aw com.az com.ba com.bb com.bh com.bi com.bj com.bm
com.bn com.bo com.br com.bs com.bt com.by com.bz com.ci com.cm com.cn com.co com.cu com.cv com.cw com.cy com.de com.dm
com.do com.dz com.ec com.ee com.eg com.es com.et com.fj com.fm com.fr com.ge com.gh com.gi com.gl com.gn com.gp com.gr
com.gt com.gu com.gy com.hk com.hn com.hr com.ht com.im com.in com.io com.iq com.is com.jo com.kg com.ki com.km com.kp
com.kw com.ky com.kz com.la com.lb com.lc com.lk com.lr com.lv com.ly com.mg com.mk com.ml com.mo com.ms com.mt com.mu
com.mv com.mw com.mx com.my com.na com.nf com.ng com.ni com.nr com.om com.pa com.pe com.pf com.ph com.pk com.pl com.pr
com.ps com.pt com.py com.qa com.re com.ro com.ru com.sa com.sb com.sc com.sd com.se com.sg com.sh com.sl com.sn com.so
com.ss com.st com.sv com.sy com.tj com.tm com.tn com.to com.tr com.tt com.tw com.ua com.ug com.uy com.uz com.vc com.ve
com.vi com.vn com.vu com.ws com.ye com.zm conf.au conf.lv conf.se coop.ar coop.br coop.ht coop.in coop.km coop.mv
coop.mw coop.py coop.rw coop.tt cri.br cri.nz desa.id ecn.br ed.ao ed.ci ed.cr ed.jp ed.pw edu.ac edu.af edu.al edu.ar
edu.au edu.az edu.ba edu.bb edu.bh edu.bi edu.bj edu.bm edu.bn edu.bo edu.br edu.bs edu.bt edu.bz edu.ci edu.cn edu.co
edu.cu edu.cv edu.cw edu.dm edu.do edu.dz edu.ec edu.ee edu.eg edu.es edu.et edu.fm edu.gd edu.ge edu.gh edu.gi edu.gl
edu.gn edu.gp edu.gr edu.gt edu.gu edu.gy edu.hk edu.hn edu.ht edu.in edu.iq edu.is edu.it edu.jo edu.kg edu.ki edu.km
edu.kn edu.kp edu.kw edu.ky edu.kz edu.la edu.lb edu.lc edu.lk edu.lr edu.ls edu.lv edu.ly edu.me edu.mg edu.mk edu.ml
edu.mn edu.mo edu.ms edu.mt edu.mv edu.mw edu.mx edu.my edu.mz edu.ng edu.ni edu.nr edu.om edu.pa edu.pe edu.pf edu.ph
edu.pk edu.pl edu.pn edu.pr edu.ps edu.pt edu.py edu.qa edu.rs edu.ru edu.sa edu.sb edu.sc edu.sd edu.sg edu.sl edu.sn
edu.so edu.ss edu.st edu.sv edu.sy edu.tj edu.tm edu.to edu.tr edu.tt edu.tw edu.ua edu.uy edu.vc edu.ve edu.vn edu.vu
edu.ws edu.ye edu.za edu.zm emp.br eng.br es.ax es.kr fin.ci fin.ec fin.tn firm.co firm.dk firm.ht firm.in firm.nf
firm.ng firm.ro firm.ve flog.br geek.nz gen.in gen.ng gen.nz gen.tr go.ci go.cr go.id go.it go.jp go.ke go.kr go.pw
go.th go.tj go.tz go.ug gob.ar gob.bo gob.cl gob.do gob.ec gob.es gob.gt gob.hn gob.mx gob.ni gob.pa gob.pe gob.pk
gob.sv gob.ve gouv.ci gouv.fr gouv.ht gouv.km gouv.ml gouv.sn gov.ac gov.ae gov.af gov.al gov.ar gov.as gov.au gov.az
gov.ba gov.bb gov.bf gov.bh gov.bm gov.bn gov.br gov.bs gov.bt gov.by gov.bz gov.cd gov.cl gov.cm gov.cn gov.co gov.cu
gov.cx gov.cy gov.dm gov.do gov.dz gov.ec gov.ee gov.eg gov.et gov.fj gov.gd gov.ge gov.gh gov.gi gov.gn gov.gr gov.gu
gov.gy gov.hk gov.ie gov.il gov.in gov.iq gov.ir gov.is gov.it gov.jo gov.kg gov.ki gov.km gov.kn gov.kp gov.kw gov.kz
gov.la gov.lb gov.lc gov.lk gov.lr gov.ls gov.lt gov.lv gov.ly gov.ma gov.me gov.mg gov.mk gov.ml gov.mn gov.mo gov.mr
gov.ms gov.mu gov.mv gov.mw gov.my gov.mz gov.ng gov.nl gov.nr gov.om gov.ph gov.pk gov.pl gov.pn gov.pr gov.ps gov.pt
gov.py gov.qa gov.rs gov.ru gov.rw gov.sa gov.sb gov.sc gov.sd gov.sg gov.sh gov.sl gov.so gov.ss gov.sx gov.sy gov.tj
gov.tl gov.tm gov.tn gov.to gov.tr gov.tt gov.tw gov.ua gov.uk gov.vc gov.ve gov.vn gov.ws gov.ye gov.za gov.zm gov.zw
govt.nz gr.it gr.jp gub.uy health.nz health.vn hs.kr id.au id.ir id.lv id.ly id.us id.vn idf.il in.na in.ni in.rs in.th
in.ua in.us ind.br ind.gt ind.in ind.kw ind.tn inf.br inf.cu inf.mk inf.ua info.at info.au info.az info.bb info.bj
info.bo info.co info.cx info.ec info.et info.fj info.gu info.ht info.hu info.in info.ke info.ki info.la info.ls info.mv
info.na info.nf info.ni info.nr info.pk info.pl info.pr info.ro info.sd info.tn info.tr info.tt info.tz info.ve info.vn
info.zm int.ar int.az int.bo int.ci int.co int.cv int.in int.is int.la int.lk int.mv int.mw int.ni int.pt int.ru int.tj
int.tt int.ve int.vn iwi.nz jor.br k12.ec k12.il k12.tr k12.vi kg.kr kiwi.nz lel.br lg.jp lg.ua ltd.cy ltd.gi ltd.hk
ltd.lk ltd.ng ltd.ua ltd.uk maori.nz me.in me.it me.ke me.so me.ss me.tc me.tz me.uk me.us me.vu med.br med.ec med.ee
med.ht med.ly med.om med.pa med.pl med.sa med.sd mil.ac mil.ae mil.al mil.ar mil.az mil.ba mil.bo mil.br mil.by mil.cl
mil.cn mil.co mil.cy mil.do mil.ec mil.eg mil.fj mil.ge mil.gh mil.gt mil.hn mil.id mil.in mil.iq mil.jo mil.kg mil.km
mil.kr mil.kz mil.lv mil.mg mil.mv mil.my mil.mz mil.ng mil.ni mil.no mil.nz mil.pe mil.ph mil.pl mil.py mil.qa mil.ru
mil.rw mil.sh mil.st mil.sy mil.tj mil.tm mil.to mil.tr mil.tw mil.tz mil.uy mil.vc mil.ve mil.ye mil.za mil.zm mil.zw
mobi.gp mobi.ke mobi.na mobi.ng mobi.tt mobi.tz ms.it ms.kr ms.us msk.ru msk.su muni.il mus.br museum.mv museum.mw
museum.no museum.om museum.tt my.id name.az name.eg name.et name.fj name.hr name.jo name.mk name.mv name.my name.na
name.ng name.pm name.pr name.qa name.tj name.tr name.tt name.vn ne.jp ne.ke ne.kr ne.pw ne.tz ne.ug ne.us net.ac net.ae
net.af net.ag net.ai net.al net.am net.ar net.au net.az net.ba net.bb net.bh net.bj net.bm net.bn net.bo net.br net.bs
net.bt net.bz net.ci net.cm net.cn net.co net.cu net.cw net.cy net.dm net.do net.dz net.ec net.eg net.et net.fj net.fm
net.ge net.gg net.gl net.gn net.gp net.gr net.gt net.gu net.gy net.hk net.hn net.ht net.id net.il net.im net.in net.iq
net.ir net.is net.je net.jo net.kg net.ki net.kn net.kw net.ky net.kz net.la net.lb net.lc net.lk net.lr net.ls net.lv
net.ly net.ma net.me net.mk net.ml net.mo net.ms net.mt net.mu net.mv net.mw net.mx net.my net.mz net.nf net.ng net.ni
net.nr net.nz net.om net.pa net.pe net.ph net.pk net.pl net.pn net.pr net.ps net.pt net.py net.qa net.ru net.rw net.sa
net.sb net.sc net.sd net.sg net.sh net.sl net.so net.ss net.st net.sy net.th net.tj net.tm net.tn net.to net.tr net.tt
net.tw net.ua net.uk net.uy net.uz net.vc net.ve net.vi net.vn net.vu net.ws net.ye net.za net.zm nhs.uk nic.in nic.tj
nic.za nis.za nom.ad nom.ag nom.co nom.es nom.fr nom.km nom.mg nom.nc nom.ni nom.pa nom.pe nom.pl nom.re nom.ro nom.tm
nom.ve nom.za not.br notaires.fr notaires.km nsw.au or.at or.bi or.ci or.cr or.id or.it or.jp or.ke or.kr or.mu or.na
or.pw or.th or.tz or.ug or.us org.ac org.ae org.af org.ag org.ai org.al org.am org.ar org.au org.az org.ba org.bb org.bh
org.bi org.bj org.bm org.bn org.bo org.br org.bs org.bt org.bw org.bz org.ci org.cn org.co org.cu org.cv org.cw org.cy
org.dm org.do org.dz org.ec org.ee org.eg org.es org.et org.fj org.fm org.ge org.gg org.gh org.gi org.gl org.gn org.gp
org.gr org.gt org.gu org.gy org.hk org.hn org.ht org.hu org.il org.im org.in org.iq org.ir org.is org.je org.jo org.kg
org.ki org.km org.kn org.kp org.kw org.ky org.kz org.la org.lb org.lc org.lk org.lr org.ls org.lv org.ly org.ma org.me
org.mg org.mk org.ml org.mn org.mo org.ms org.mt org.mu org.mv org.mw org.mx org.my org.mz org.na org.ng org.ni org.nr
org.nz org.om org.pa org.pe org.pf org.ph org.pk org.pl org.pn org.pr org.ps org.pt org.py org.qa org.ro org.rs org.ru
org.rw org.sa org.sb org.sc org.sd org.se org.sg org.sh org.sl org.sn org.so org.ss org.st org.sv org.sy org.sz org.tj
org.tm org.tn org.to org.tr org.tt org.tw org.ua org.ug org.uk org.uy org.uz org.vc org.ve org.vi org.vn org.vu org.ws
org.ye org.yt org.za org.zm org.zw parliament.nz pe.ca pe.it pe.kr plc.ly plc.uk police.uk ponpes.id prd.fr prd.km
prd.mg press.cy press.ma press.se presse.ci presse.km presse.ml pro.az pro.br pro.cy pro.ec pro.fj pro.ht pro.in pro.mv
pro.na pro.om pro.pr pro.tt pro.vn qld.au re.it re.kr rec.br rec.co rec.nf rec.ro rec.ve sc.cn sc.ke sc.kr sc.ls sc.tz
sc.ug sc.us sch.ae sch.id sch.ir sch.jo sch.lk sch.ly sch.ng sch.qa sch.sa sch.so sch.ss sch.tf sch.wf sch.zm school.na
school.nz school.za spb.ru spb.su store.bb store.dk store.nf store.ro store.st store.ve tel.tr tm.cy tm.dz tm.fr tm.hu
tm.km tm.mc tm.mg tm.no tm.pl tm.ro tm.se tm.za tra.kp tt.im tur.ar tur.br tv.bb tv.bo tv.br tv.im tv.in tv.it tv.kg
tv.na tv.sd tv.tr tv.tz vic.au vlog.br web.bo web.co web.do web.gu web.id web.in web.lk web.nf web.ni web.pk web.tj
web.tr web.ve web.za blogspot.com github.io herokuapp.com appspot.com co.com uk.com us.com eu.com netlify.app vercel.app
web.app firebaseapp.com pages.dev workers.dev cloudfront.net azurewebsites.net gitlab.io myshopify.com ', E'\n', ' '), ' ' || labels || ' ') > 0
$$;

-- The host from its first significant label on: what was registered.
CREATE OR REPLACE FUNCTION hogql.registered_domain(host text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN strpos(host, '.') = 0 THEN host ELSE coalesce(
    CASE WHEN hogql.is_public_suffix(substring(host FROM '[^.]+\.[^.]+$')) THEN substring(host FROM '[^.]+\.[^.]+\.[^.]+$') END,
    substring(host FROM '[^.]+\.[^.]+$'), CASE WHEN host IS NOT NULL THEN '' END) END
$$;
