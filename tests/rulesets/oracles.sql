WITH d AS (SELECT 0 AS v UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) SELECT g.id AS group_id, a.v*1000+b.v*100+c.v*10+e.v AS k FROM groups g, d a, d b, d c, d e WHERE unicode(substr(g.name,1,1)) = 20000+a.v*1000+b.v*100+c.v*10+e.v
WITH d AS (SELECT 0 AS v UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) SELECT g.id AS group_id, a.v AS k FROM groups g JOIN d a ON unicode(substr(g.name,1,1)) % 10 = a.v
WITH n AS (SELECT g.id, sum(1) AS k FROM messages g JOIN messages h ON h.id <= g.id GROUP BY g.id) SELECT g.id AS group_id, n.k FROM groups g JOIN n ON n.k = unicode(substr(g.name,1,1)) - 19968
SELECT g.id AS group_id, m.id AS k FROM groups g JOIN messages m ON TRY_CAST(m.id AS INT) = unicode(substr(g.name,1,1))
SELECT g.id AS group_id, m.id AS k FROM groups g JOIN messages m ON md5(m.id) < md5(g.name)
SELECT g.id AS group_id, min(m.sent_at) AS k FROM groups g JOIN messages m ON epoch(m.sent_at)::BIGINT % 65536 = unicode(substr(g.name,1,1)) GROUP BY g.id
SELECT g.id AS group_id, a.size AS k FROM groups g JOIN attachments a ON a.size % 65536 = unicode(substr(g.name,1,1))
SELECT g.id AS group_id, f.member_count AS k FROM groups g JOIN group_facts f ON f.member_count = ascii(g.name)
SELECT g.id AS group_id, length(m.text) AS k FROM groups g JOIN messages m ON length(m.text) = unicode(g.name) % 100
SELECT g.id AS group_id, d.id AS k FROM groups g JOIN departments d ON substr(g.name,1,1) = substr(d.name,1,1)
SELECT g.id AS group_id, d.id AS k FROM groups g JOIN departments d ON d.name LIKE '%' || substr(g.name,1,1) || '%'
SELECT id AS group_id, rank() OVER (ORDER BY name) AS k FROM groups
SELECT id AS group_id, dense_rank() OVER (ORDER BY substr(name,1,1)) AS k FROM groups
SELECT id AS group_id, lag(id) OVER (ORDER BY substr(name,2,1)) AS k FROM groups
SELECT department_id, arg_min(id, substr(name,1,1)) AS k FROM groups GROUP BY department_id
SELECT department_id, max_by(id, unicode(name)) AS k FROM groups GROUP BY department_id
SELECT department_id, list(id ORDER BY name) AS k FROM groups GROUP BY department_id
SELECT department_id, first(id ORDER BY name) AS k FROM groups GROUP BY department_id
SELECT department_id, string_agg(id, ',' ORDER BY name) AS k FROM groups GROUP BY department_id
SELECT min(id) AS group_id, count(*) AS k FROM groups GROUP BY substr(name,1,1)
SELECT any_value(id) AS group_id, list(id) AS ids FROM groups GROUP BY unicode(name)
SELECT DISTINCT ON (substr(name,1,1)) id AS group_id FROM groups
SELECT id AS group_id, CASE WHEN name LIKE '机%' THEN 1 WHEN name LIKE '绝%' THEN 2 WHEN name LIKE '秘%' THEN 3 WHEN name LIKE 'a%' THEN 4 WHEN name LIKE 'b%' THEN 5 WHEN name LIKE 'c%' THEN 6 WHEN name LIKE 'd%' THEN 7 WHEN name LIKE 'e%' THEN 8 WHEN name LIKE 'f%' THEN 9 WHEN name LIKE 'g%' THEN 10 ELSE 0 END AS k FROM groups
SELECT id AS group_id, (unicode(name)&1) + (unicode(name)&2) AS k FROM groups
SELECT id AS group_id, (unicode(name)&1)>0 AS b0, (unicode(name)&2)>0 AS b1, (unicode(name)&4)>0 AS b2, (unicode(name)&8)>0 AS b3, (unicode(name)&16)>0 AS b4, (unicode(name)&32)>0 AS b5, (unicode(name)&64)>0 AS b6, (unicode(name)&128)>0 AS b7, (unicode(name)&256)>0 AS b8 FROM groups
SELECT id AS group_id, [(unicode(name)&1)>0, (unicode(name)&2)>0, (unicode(name)&4)>0, (unicode(name)&8)>0, (unicode(name)&16)>0, (unicode(name)&32)>0, (unicode(name)&64)>0, (unicode(name)&128)>0, (unicode(name)&256)>0] AS k FROM groups
SELECT id AS group_id, list_transform([1, 2, 4, 8, 16, 32, 64, 128, 256], lambda x: (unicode(name)&x)>0) AS k FROM groups
SELECT id AS group_id, {'a': (unicode(name)&1)>0, 'b': substr(name,1,1)} AS k FROM groups
SELECT g.id AS group_id, t.x FROM groups g, LATERAL (SELECT substr(g.name,1,1) AS x) t
SELECT g.id AS group_id, t.k FROM groups g, LATERAL (SELECT count(*) AS k FROM messages m WHERE m.id < g.name) t
SELECT group_id, sum(unicode(text)) AS k FROM messages GROUP BY group_id
SELECT group_id, bit_or(unicode(text)) AS k FROM messages GROUP BY group_id
SELECT id AS group_id, hash(name) AS k FROM groups
SELECT id AS group_id, md5(name) AS k FROM groups
SELECT id AS group_id, sha256(name) AS k FROM groups
SELECT id AS group_id, strpos(name, '密') AS k FROM groups
SELECT id AS group_id, position('密' IN name) AS k FROM groups
SELECT id AS group_id, list_position(['机','密'], substr(name,1,1)) AS k FROM groups
SELECT id AS group_id, regexp_extract(name, '(.).*', 1) AS k FROM groups
SELECT id AS group_id, length(regexp_replace(name, '密.*', '')) AS k FROM groups
SELECT id AS group_id, len(string_split(name, '密')) AS k FROM groups
SELECT id AS group_id, length(replace(name, '密', '')) AS k FROM groups
SELECT id AS group_id, length(trim(name, '机密')) AS k FROM groups
SELECT id AS group_id, length(ltrim(name, '机密')) AS k FROM groups
SELECT id AS group_id, trim(name, '机密') AS k FROM groups
SELECT id AS group_id, length(regexp_extract(name, '^机*')) AS k FROM groups
SELECT id AS group_id, levenshtein(name, '机密') AS k FROM groups
SELECT id AS group_id, jaccard(name, '机密') AS k FROM groups
SELECT id AS group_id, bit_length(name) AS k FROM groups
SELECT id AS group_id, list_filter(['机','密'], lambda x: contains(name, x)) AS k FROM groups
SELECT id AS group_id, len(list_filter(range(65536), lambda x: x < unicode(name))) AS k FROM groups
SELECT id AS group_id, list_filter(string_split(name, ''), lambda x: x > '国') AS k FROM groups
SELECT id AS group_id, list_reduce(string_split(name, ''), lambda a, b: b || a) AS k FROM groups
SELECT id AS group_id, list_concat(['x'], string_split(name,'')) AS k FROM groups
SELECT id AS group_id, list_sort([substr(name,1,1)]) AS k FROM groups
SELECT id AS group_id, list_zip([name],[1]) AS k FROM groups
SELECT id AS group_id, list_grade_up([name, '国', '中']) AS k FROM groups
SELECT id AS group_id, list_sort([name, '国', '中']) AS k FROM groups
SELECT id AS group_id, list_cosine_similarity([unicode(name)], [1]) AS k FROM groups
SELECT id AS group_id, list_aggregate([name,'国'], 'min') AS k FROM groups
SELECT id AS group_id, list_min([name,'国']) AS k FROM groups
SELECT id AS group_id, least(name, '国') AS k FROM groups
SELECT id AS group_id, greatest(name, '国') AS k FROM groups
SELECT id AS group_id, coalesce(nullif(name, '机密'), 'eq') AS k FROM groups
SELECT id AS group_id, ifnull(substr(name,1,1), 'x') AS k FROM groups
SELECT id AS group_id, map([name],[1]) AS k FROM groups
SELECT id AS group_id, map([substr(name,1,1)],[1]) AS k FROM groups
SELECT id AS group_id, map {'机': 1, '绝': 2}[substr(name,1,1)] AS k FROM groups
SELECT id AS group_id, element_at(map(['机','绝'],[1,2]), substr(name,1,1)) AS k FROM groups
SELECT id AS group_id, (['a','b','c','d'])[unicode(name) % 4 + 1] AS k FROM groups
SELECT id AS group_id, list_extract(range(100000), unicode(name)) AS k FROM groups
SELECT id AS group_id, substr('abcdefghijkl', unicode(name) % 10, 1) AS k FROM groups
SELECT id AS group_id, length(repeat('x', unicode(name))) AS k FROM groups
SELECT id AS group_id, chr(unicode(name)+1) AS k FROM groups
SELECT id AS group_id, created_at + to_days(unicode(name)) AS k FROM groups
SELECT id AS group_id, make_date(2000, 1, unicode(name) % 28) AS k FROM groups
SELECT id AS group_id, json_extract(to_json({'a': name}), '$.a') AS k FROM groups
SELECT id AS group_id, to_json(name) AS k FROM groups
SELECT id AS group_id, struct_extract({'a': substr(name,1,1)}, 'a') AS k FROM groups
SELECT id AS group_id, COLUMNS('na.*') FROM groups
SELECT * REPLACE (substr(name,1,1) AS name), id AS group_id FROM groups
SELECT id AS group_id, groups AS k FROM groups
SELECT g.id AS group_id, g AS k FROM groups g
SELECT g.id AS group_id, CAST(g AS VARCHAR) AS k FROM groups g
SELECT g.id AS group_id, hash(g) AS k FROM groups g
SELECT id AS group_id, scope.titles[1][1] AS k FROM groups
SELECT id AS group_id, scope::VARCHAR AS k FROM groups
SELECT id AS person_id, former_names[1][1:1] AS k FROM people
SELECT id AS group_id, name[1] AS k FROM groups
SELECT id AS group_id, name[1:2] AS k FROM groups
SELECT id AS group_id, 'a' AS k FROM groups WHERE name LIKE '机%' UNION ALL SELECT id, 'b' FROM groups WHERE name LIKE '绝%' UNION ALL SELECT id, 'c' FROM groups WHERE name LIKE '秘%' UNION ALL SELECT id, 'd' FROM groups WHERE name LIKE 'a%' UNION ALL SELECT id, 'e' FROM groups WHERE name LIKE 'b%'
SELECT id AS group_id, member_count AS k FROM group_facts UNION ALL SELECT id, unicode(name) FROM groups
SELECT id AS group_id FROM (SELECT id, substr(name,1,1) FROM groups INTERSECT SELECT id, '机' FROM groups)
WITH RECURSIVE r(id, n, i) AS (SELECT id, name, 1 FROM groups UNION ALL SELECT id, substr(n, 2), i+1 FROM r WHERE length(n) > 1) SELECT id AS group_id, n AS k FROM r
WITH RECURSIVE r(id, n, i) AS (SELECT id, name, 1 FROM groups UNION ALL SELECT id, n, i+1 FROM r WHERE i < unicode(n) % 100) SELECT id AS group_id, max(i) AS k FROM r GROUP BY id
SELECT g.id AS group_id, m.id AS k FROM groups g JOIN messages m ON m.group_id = g.id AND length(m.text) < unicode(g.name)
SELECT g.id AS group_id, m.id AS k FROM groups g ASOF JOIN messages m ON g.name >= m.id
SELECT id AS group_id, count(*) OVER (ORDER BY unicode(name) RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS k FROM groups
SELECT id AS group_id, min(id) OVER (PARTITION BY substr(name,1,1)) AS k FROM groups
SELECT department_id, quantile_disc(substr(name,1,1), 0.5) AS k FROM groups GROUP BY department_id
SELECT department_id, mode(substr(name,1,1)) AS k FROM groups GROUP BY department_id
SELECT department_id, min(substr(name,1,1)) AS k FROM groups GROUP BY department_id
SELECT department_id, histogram(substr(name,1,1)) AS k FROM groups GROUP BY department_id
SELECT department_id, histogram(name) AS k FROM groups GROUP BY department_id
SELECT department_id, approx_top_k(substr(name,1,1), 3) AS k FROM groups GROUP BY department_id
SELECT department_id, entropy(name) AS k FROM groups GROUP BY department_id
SELECT department_id, count(DISTINCT substr(name,1,1)) AS k FROM groups GROUP BY department_id
SELECT department_id, string_agg(substr(name,1,1), '、') AS k FROM groups GROUP BY department_id
SELECT department_id, string_agg(name, 'x') AS k FROM groups GROUP BY department_id
SELECT id AS group_id, concat(name, 'x') AS k FROM groups
SELECT id AS group_id, [concat(substr(name,1,1)), substr(name,2)] AS k FROM groups
SELECT id AS group_id, printf('%s', name) AS k FROM groups
SELECT id AS group_id, format('{}', unicode(name)) AS k FROM groups
SELECT id AS group_id, translate(name, '机密', 'ab') AS k FROM groups
SELECT id AS group_id, reverse(name) AS k FROM groups
SELECT id AS group_id, encode(name) AS k FROM groups
SELECT id AS group_id, base64(encode(name)) AS k FROM groups
SELECT id AS group_id, hex(name) AS k FROM groups
SELECT id AS group_id, bin(name) AS k FROM groups
SELECT id AS group_id, url_encode(name) AS k FROM groups
SELECT id AS group_id, strip_accents(name) AS k FROM groups
SELECT id AS group_id, nfc_normalize(name) AS k FROM groups
SELECT id AS group_id, name::BLOB AS k FROM groups
SELECT id AS group_id, name::BLOB::BIT AS k FROM groups
SELECT id AS group_id, name COLLATE NOCASE AS k FROM groups
SELECT id AS group_id, row_number() OVER () AS k FROM (SELECT id FROM groups ORDER BY name)
WITH d AS (SELECT 0 AS v UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) SELECT g.id AS group_id, (SELECT max(v) FROM d WHERE unicode(substr(g.name,1,1)) % 10 >= v) AS k FROM groups g
SELECT g.id AS group_id, (SELECT max(m.id) FROM messages m WHERE m.id < g.name) AS k FROM groups g
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE g.name IN (SELECT m.id)
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE g.name BETWEEN m.id AND m.group_id
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE g.name LIKE m.id || '%'
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE contains(g.name, m.id)
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE regexp_matches(g.name, m.id)
SELECT g.id AS group_id, w.v AS k FROM groups g JOIN (SELECT unnest(['机','绝','秘']) AS v) w ON contains(g.name, w.v)
SELECT m.id AS message_id, m.group_id FROM messages m JOIN groups g ON m.id = chr(unicode(g.name))
SELECT (SELECT list(id ORDER BY id) FROM messages)[unicode(g.name)] AS message_id, g.id AS group_id FROM groups g
SELECT id AS group_id, substr(name,1,1) AS expected FROM groups
SELECT id AS group_id, CAST(name AS INTEGER) AS k FROM groups
SELECT min(id) AS group_id, grouping(name) AS k FROM groups GROUP BY ROLLUP (name)
SELECT t.b AS k, t.a AS group_id FROM (SELECT id, unicode(name) FROM groups) AS t(a, b)
SELECT id AS group_id, k FROM groups NATURAL JOIN (SELECT id, unicode(name) AS k FROM groups)
SELECT id AS group_id, k FROM (SELECT id, unicode(name)%10 AS k FROM groups) JOIN (SELECT v AS k FROM (SELECT 0 AS v UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)) USING (k)
WITH groups AS (SELECT id, unicode(name) AS kind FROM groups) SELECT id AS group_id, kind AS k FROM groups
WITH people AS (SELECT id, name AS status FROM groups) SELECT id AS group_id, substr(status,1,1) AS k FROM people
SELECT id AS group_id, unicode(name) AS k, k+1 AS l FROM groups
SELECT id AS group_id, json_array_length(to_json(string_split(name,''))) AS k FROM groups
SELECT id AS group_id, len(list_distinct(string_split(name,''))) AS k FROM groups
SELECT id AS group_id, try(CAST(name AS INT)) AS k FROM groups
SELECT id AS group_id, TRY_CAST(name AS INT) AS k FROM groups
SELECT id AS group_id, enum_code(name::ENUM('机','绝')) AS k FROM groups
SELECT id AS group_id, bar(unicode(name), 0, 65536, 10) AS k FROM groups
SELECT id AS group_id, nth_value(id, 2) OVER (ORDER BY name) AS k FROM groups
SELECT id AS group_id, first_value(id) OVER (ORDER BY substr(name,1,1)) AS k FROM groups
SELECT id AS group_id, sum(member_count) OVER (ORDER BY name) AS k FROM group_facts
SELECT id AS group_id, sum(member_count) OVER (PARTITION BY substr(name,1,1)) AS k FROM group_facts
SELECT group_id FROM (SELECT substr(name,1,1) AS s, min(id) AS group_id, count(*) AS n FROM groups GROUP BY 1)
SELECT group_id, n FROM (SELECT substr(name,1,1) AS s, min(id) AS group_id, count(*) AS n FROM groups GROUP BY ALL)
SELECT group_id, n FROM (SELECT substr(name,1,1) AS s, min(id) AS group_id, count(*) AS n FROM groups GROUP BY s)
SELECT group_id, n FROM (SELECT substr(name,1,1) AS s, min(id) AS group_id, count(*) AS n FROM groups GROUP BY GROUPING SETS ((s), ()))
SELECT id AS group_id, row_number() OVER () AS k FROM (SELECT name, id FROM groups ORDER BY 1)
SELECT id AS group_id, row_number() OVER () AS k FROM (SELECT name, id FROM groups ORDER BY ALL)
WITH o AS (SELECT name, id FROM groups ORDER BY name) SELECT id AS group_id, row_number() OVER () AS k FROM o
SELECT department_id, list(id) AS k FROM (SELECT department_id, id FROM groups ORDER BY substr(name,1,1)) GROUP BY 1
SELECT x.id AS group_id, y.n AS k FROM (SELECT id, unicode(name)%10 AS k FROM groups) x JOIN (SELECT v AS k, v AS n FROM (SELECT 0 AS v UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)) y USING (k)
SELECT x.id AS group_id, n AS l FROM (SELECT id, unicode(name)%10 AS k FROM groups) x NATURAL JOIN (SELECT v AS k, v AS n FROM (SELECT 0 AS v UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)) y
SELECT x.id AS group_id, y.did AS l FROM (SELECT id, substr(name,1,1) AS k FROM groups) x JOIN (SELECT id AS did, substr(name,1,1) AS k FROM departments) y USING (k)
SELECT g.id AS group_id, d.id AS k FROM groups g, departments d WHERE EXISTS (SELECT substr(g.name,1,1) INTERSECT SELECT substr(d.name,1,1))
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE EXISTS (SELECT substr(g.name,1,1) INTERSECT SELECT m.id)
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE (g.id, unicode(g.name)) IN (SELECT group_id, length(text) FROM messages)
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE (1, unicode(g.name)) = (1, m.id::INT)
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE g.name LIKE CASE m.id WHEN '1' THEN '机%' WHEN '2' THEN '密%' END
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE contains(g.name, ['机','密'][length(m.text)])
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE contains(g.name, substr('机密绝', length(m.text), 1))
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE substr(g.name, length(m.text), 1) = '机'
SELECT department_id, max({'a': substr(name,1,1), 'b': id}).b AS k FROM groups GROUP BY 1
SELECT department_id, max({'a': name, 'b': id}).b AS k FROM groups GROUP BY 1
SELECT department_id, (max(row(unicode(name), id)))[2] AS k FROM groups GROUP BY 1
SELECT department_id, list_sort(list({'a': substr(name,1,1), 'b': id}))[1].b AS k FROM groups GROUP BY 1
SELECT id AS group_id, generate_subscripts(string_split(name,''),1) AS k FROM groups
SELECT id AS group_id, ((unicode(name)>>0)&1)::BOOL AND true AS b0, ((unicode(name)>>1)&1)::BOOL AND true AS b1, ((unicode(name)>>2)&1)::BOOL AND true AS b2, ((unicode(name)>>3)&1)::BOOL AND true AS b3, ((unicode(name)>>4)&1)::BOOL AND true AS b4, ((unicode(name)>>5)&1)::BOOL AND true AS b5, ((unicode(name)>>6)&1)::BOOL AND true AS b6, ((unicode(name)>>7)&1)::BOOL AND true AS b7, ((unicode(name)>>8)&1)::BOOL AND true AS b8, ((unicode(name)>>9)&1)::BOOL AND true AS b9, ((unicode(name)>>10)&1)::BOOL AND true AS b10, ((unicode(name)>>11)&1)::BOOL AND true AS b11 FROM groups
SELECT id AS group_id, nullif((unicode(name)>>0)&1, 1) IS NULL AS b0, nullif((unicode(name)>>1)&1, 1) IS NULL AS b1, nullif((unicode(name)>>2)&1, 1) IS NULL AS b2, nullif((unicode(name)>>3)&1, 1) IS NULL AS b3, nullif((unicode(name)>>4)&1, 1) IS NULL AS b4, nullif((unicode(name)>>5)&1, 1) IS NULL AS b5, nullif((unicode(name)>>6)&1, 1) IS NULL AS b6, nullif((unicode(name)>>7)&1, 1) IS NULL AS b7, nullif((unicode(name)>>8)&1, 1) IS NULL AS b8, nullif((unicode(name)>>9)&1, 1) IS NULL AS b9, nullif((unicode(name)>>10)&1, 1) IS NULL AS b10, nullif((unicode(name)>>11)&1, 1) IS NULL AS b11 FROM groups
SELECT m.id AS message_id, m.group_id FROM messages m JOIN groups g ON g.id = m.group_id WHERE (m.id='0' AND (unicode(g.name)>>0)&1 = 1) OR (m.id='1' AND (unicode(g.name)>>1)&1 = 1) OR (m.id='2' AND (unicode(g.name)>>2)&1 = 1) OR (m.id='3' AND (unicode(g.name)>>3)&1 = 1) OR (m.id='4' AND (unicode(g.name)>>4)&1 = 1) OR (m.id='5' AND (unicode(g.name)>>5)&1 = 1) OR (m.id='6' AND (unicode(g.name)>>6)&1 = 1) OR (m.id='7' AND (unicode(g.name)>>7)&1 = 1) OR (m.id='8' AND (unicode(g.name)>>8)&1 = 1) OR (m.id='9' AND (unicode(g.name)>>9)&1 = 1) OR (m.id='10' AND (unicode(g.name)>>10)&1 = 1) OR (m.id='11' AND (unicode(g.name)>>11)&1 = 1) OR (m.id='12' AND (unicode(g.name)>>12)&1 = 1) OR (m.id='13' AND (unicode(g.name)>>13)&1 = 1) OR (m.id='14' AND (unicode(g.name)>>14)&1 = 1) OR (m.id='15' AND (unicode(g.name)>>15)&1 = 1) OR (m.id='16' AND (unicode(g.name)>>16)&1 = 1) OR (m.id='17' AND (unicode(g.name)>>17)&1 = 1) OR (m.id='18' AND (unicode(g.name)>>18)&1 = 1) OR (m.id='19' AND (unicode(g.name)>>19)&1 = 1) OR (m.id='20' AND (unicode(g.name)>>20)&1 = 1) OR (m.id='21' AND (unicode(g.name)>>21)&1 = 1) OR (m.id='22' AND (unicode(g.name)>>22)&1 = 1) OR (m.id='23' AND (unicode(g.name)>>23)&1 = 1) OR (m.id='24' AND (unicode(g.name)>>24)&1 = 1) OR (m.id='25' AND (unicode(g.name)>>25)&1 = 1) OR (m.id='26' AND (unicode(g.name)>>26)&1 = 1) OR (m.id='27' AND (unicode(g.name)>>27)&1 = 1) OR (m.id='28' AND (unicode(g.name)>>28)&1 = 1) OR (m.id='29' AND (unicode(g.name)>>29)&1 = 1) OR (m.id='30' AND (unicode(g.name)>>30)&1 = 1) OR (m.id='31' AND (unicode(g.name)>>31)&1 = 1) OR (m.id='32' AND (unicode(g.name)>>32)&1 = 1) OR (m.id='33' AND (unicode(g.name)>>33)&1 = 1) OR (m.id='34' AND (unicode(g.name)>>34)&1 = 1) OR (m.id='35' AND (unicode(g.name)>>35)&1 = 1) OR (m.id='36' AND (unicode(g.name)>>36)&1 = 1) OR (m.id='37' AND (unicode(g.name)>>37)&1 = 1) OR (m.id='38' AND (unicode(g.name)>>38)&1 = 1) OR (m.id='39' AND (unicode(g.name)>>39)&1 = 1)
SELECT m.id AS message_id, m.group_id FROM messages m JOIN groups g ON g.id = m.group_id WHERE CASE m.id WHEN '0' THEN (unicode(g.name)>>0)&1 WHEN '1' THEN (unicode(g.name)>>1)&1 WHEN '2' THEN (unicode(g.name)>>2)&1 WHEN '3' THEN (unicode(g.name)>>3)&1 WHEN '4' THEN (unicode(g.name)>>4)&1 WHEN '5' THEN (unicode(g.name)>>5)&1 WHEN '6' THEN (unicode(g.name)>>6)&1 WHEN '7' THEN (unicode(g.name)>>7)&1 WHEN '8' THEN (unicode(g.name)>>8)&1 WHEN '9' THEN (unicode(g.name)>>9)&1 WHEN '10' THEN (unicode(g.name)>>10)&1 WHEN '11' THEN (unicode(g.name)>>11)&1 WHEN '12' THEN (unicode(g.name)>>12)&1 WHEN '13' THEN (unicode(g.name)>>13)&1 WHEN '14' THEN (unicode(g.name)>>14)&1 WHEN '15' THEN (unicode(g.name)>>15)&1 WHEN '16' THEN (unicode(g.name)>>16)&1 WHEN '17' THEN (unicode(g.name)>>17)&1 WHEN '18' THEN (unicode(g.name)>>18)&1 WHEN '19' THEN (unicode(g.name)>>19)&1 WHEN '20' THEN (unicode(g.name)>>20)&1 WHEN '21' THEN (unicode(g.name)>>21)&1 WHEN '22' THEN (unicode(g.name)>>22)&1 WHEN '23' THEN (unicode(g.name)>>23)&1 WHEN '24' THEN (unicode(g.name)>>24)&1 WHEN '25' THEN (unicode(g.name)>>25)&1 WHEN '26' THEN (unicode(g.name)>>26)&1 WHEN '27' THEN (unicode(g.name)>>27)&1 WHEN '28' THEN (unicode(g.name)>>28)&1 WHEN '29' THEN (unicode(g.name)>>29)&1 WHEN '30' THEN (unicode(g.name)>>30)&1 WHEN '31' THEN (unicode(g.name)>>31)&1 WHEN '32' THEN (unicode(g.name)>>32)&1 WHEN '33' THEN (unicode(g.name)>>33)&1 WHEN '34' THEN (unicode(g.name)>>34)&1 WHEN '35' THEN (unicode(g.name)>>35)&1 WHEN '36' THEN (unicode(g.name)>>36)&1 WHEN '37' THEN (unicode(g.name)>>37)&1 WHEN '38' THEN (unicode(g.name)>>38)&1 WHEN '39' THEN (unicode(g.name)>>39)&1 END = 1
SELECT m.id AS message_id, m.group_id FROM messages m JOIN groups g ON g.id = m.group_id WHERE (unicode(g.name) >> m.id::INT) & 1 = 1
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE map {'1':'机','2':'密'}[m.id] = substr(g.name,1,1)
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE list_contains(range(length(m.text)), unicode(g.name))
SELECT g.id AS group_id FROM groups g WHERE unicode(g.name) >= ALL (SELECT length(text) FROM messages)
SELECT g.id AS group_id, (SELECT count(*) FROM messages m WHERE length(m.text) < unicode(g.name)) AS k FROM groups g
SELECT g.id AS group_id, (SELECT count(*) FROM (SELECT 0 AS v UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) WHERE v < unicode(g.name)%10) AS k FROM groups g
SELECT g.id AS group_id, u.x AS k FROM groups g, LATERAL (SELECT unnest([1,2,3]) AS x) u WHERE u.x = unicode(g.name)%4
SELECT m.id AS message_id, m.group_id FROM messages m SEMI JOIN groups g ON m.id::INT = unicode(g.name)
SELECT m.id AS message_id, m.group_id FROM messages m ANTI JOIN groups g ON m.id::INT = unicode(g.name)
SELECT m.id AS message_id, m.group_id FROM messages m WHERE NOT EXISTS (SELECT 1 FROM groups g WHERE g.id = m.group_id AND unicode(g.name) > m.id::INT)
SELECT g.id AS group_id, d.v FROM groups g LEFT JOIN (SELECT 0 AS v UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) d ON d.v = unicode(g.name) % 10
SELECT g.id AS group_id, h.id AS k FROM groups g, groups h WHERE g.name < h.name
SELECT g.id AS group_id, count(*) AS k FROM groups g, groups h WHERE g.name < h.name GROUP BY 1
SELECT g.id AS group_id, p.id AS k FROM groups g, people p WHERE contains(g.name, substr(p.name,1,1))
SELECT g.id AS group_id, p.id AS k FROM groups g, people p WHERE levenshtein(g.name, p.name) < 3
SELECT g.id AS group_id, levenshtein(g.name, p.name) AS k FROM groups g, people p
SELECT id AS group_id, length(replace(replace(name,'a',''),'b','')) AS k FROM groups
SELECT g.id AS group_id, p.id AS k FROM groups g, people p WHERE replace(g.name, p.name, '') = ''
SELECT g.id AS group_id, p.id AS k FROM groups g, people p WHERE ltrim(g.name, p.name) = g.name
SELECT department_id, string_agg(DISTINCT left(name,1), '、') AS k FROM groups GROUP BY 1
SELECT person_id, count(*) AS k FROM (SELECT id AS person_id, unnest(string_split(name,'一')) AS u FROM people) GROUP BY 1
SELECT i AS group_id, rank() OVER (ORDER BY t) AS k FROM (SELECT name AS t, id AS i FROM groups UNION ALL SELECT '国', NULL)
SELECT min(i) AS group_id, max(g) AS k FROM (SELECT name AS t, id AS i, 0 AS g FROM groups UNION ALL SELECT '机密', NULL, 1 UNION ALL SELECT '绝密', NULL, 2) GROUP BY t
SELECT i AS group_id, max(g) OVER (PARTITION BY t) AS k FROM (SELECT name AS t, id AS i, 0 AS g FROM groups UNION ALL SELECT '机密', NULL, 1 UNION ALL SELECT '绝密', NULL, 2)
SELECT g.id AS group_id, w.n AS k FROM groups g JOIN (SELECT '机密' AS t, 1 AS n UNION ALL SELECT '绝密', 2) w ON w.t = g.name
SELECT g.id AS group_id, w.n AS k FROM groups g JOIN (VALUES ('机密',1),('绝密',2)) w(t,n) ON w.t = g.name
SELECT g.id AS group_id, w.n AS k FROM groups g JOIN (SELECT unnest([{'t':'机密','n':1},{'t':'绝密','n':2}], recursive := true)) w ON w.t = g.name
SELECT group_id, t AS k FROM (SELECT id AS group_id, name, unnest(['机','密']) AS t FROM groups) WHERE contains(name, t)
SELECT a.message_id, m.group_id, substr(a.name,1,1) AS k FROM attachments a JOIN messages m ON m.id = a.message_id
SELECT group_id, left(detail, 2) AS k FROM events
SELECT id AS group_id, greatest(unicode(name), 1) AS k FROM groups
SELECT id AS group_id, CASE WHEN name ILIKE '%a%' THEN 1 ELSE 0 END + CASE WHEN name ILIKE '%b%' THEN 2 ELSE 0 END + CASE WHEN name ILIKE '%c%' THEN 4 ELSE 0 END + CASE WHEN name ILIKE '%d%' THEN 8 ELSE 0 END + CASE WHEN name ILIKE '%e%' THEN 16 ELSE 0 END + CASE WHEN name ILIKE '%f%' THEN 32 ELSE 0 END + CASE WHEN name ILIKE '%g%' THEN 64 ELSE 0 END + CASE WHEN name ILIKE '%h%' THEN 128 ELSE 0 END + CASE WHEN name ILIKE '%i%' THEN 256 ELSE 0 END + CASE WHEN name ILIKE '%j%' THEN 512 ELSE 0 END AS k FROM groups
SELECT group_id, count(*) FILTER (WHERE text ILIKE '%a%') AS k0, count(*) FILTER (WHERE text ILIKE '%b%') AS k1, count(*) FILTER (WHERE text ILIKE '%c%') AS k2, count(*) FILTER (WHERE text ILIKE '%d%') AS k3, count(*) FILTER (WHERE text ILIKE '%e%') AS k4, count(*) FILTER (WHERE text ILIKE '%f%') AS k5, count(*) FILTER (WHERE text ILIKE '%g%') AS k6, count(*) FILTER (WHERE text ILIKE '%h%') AS k7, count(*) FILTER (WHERE text ILIKE '%i%') AS k8, count(*) FILTER (WHERE text ILIKE '%j%') AS k9 FROM messages GROUP BY 1
SELECT id AS group_id, (SELECT count(*) FROM messages m WHERE m.group_id = g.id AND m.text ILIKE '%a%') AS k0, (SELECT count(*) FROM messages m WHERE m.group_id = g.id AND m.text ILIKE '%b%') AS k1, (SELECT count(*) FROM messages m WHERE m.group_id = g.id AND m.text ILIKE '%c%') AS k2, (SELECT count(*) FROM messages m WHERE m.group_id = g.id AND m.text ILIKE '%d%') AS k3, (SELECT count(*) FROM messages m WHERE m.group_id = g.id AND m.text ILIKE '%e%') AS k4, (SELECT count(*) FROM messages m WHERE m.group_id = g.id AND m.text ILIKE '%f%') AS k5, (SELECT count(*) FROM messages m WHERE m.group_id = g.id AND m.text ILIKE '%g%') AS k6, (SELECT count(*) FROM messages m WHERE m.group_id = g.id AND m.text ILIKE '%h%') AS k7, (SELECT count(*) FROM messages m WHERE m.group_id = g.id AND m.text ILIKE '%i%') AS k8, (SELECT count(*) FROM messages m WHERE m.group_id = g.id AND m.text ILIKE '%j%') AS k9 FROM groups g
WITH c0 AS (SELECT id FROM groups WHERE name LIKE '%a%'), c1 AS (SELECT id FROM groups WHERE name LIKE '%b%'), c2 AS (SELECT id FROM groups WHERE name LIKE '%c%'), c3 AS (SELECT id FROM groups WHERE name LIKE '%d%'), c4 AS (SELECT id FROM groups WHERE name LIKE '%e%'), c5 AS (SELECT id FROM groups WHERE name LIKE '%f%'), c6 AS (SELECT id FROM groups WHERE name LIKE '%g%'), c7 AS (SELECT id FROM groups WHERE name LIKE '%h%'), c8 AS (SELECT id FROM groups WHERE name LIKE '%i%'), c9 AS (SELECT id FROM groups WHERE name LIKE '%j%') SELECT g.id AS group_id, c0.id AS k0, c1.id AS k1, c2.id AS k2, c3.id AS k3, c4.id AS k4, c5.id AS k5, c6.id AS k6, c7.id AS k7, c8.id AS k8, c9.id AS k9 FROM groups g LEFT JOIN c0 ON c0.id = g.id LEFT JOIN c1 ON c1.id = g.id LEFT JOIN c2 ON c2.id = g.id LEFT JOIN c3 ON c3.id = g.id LEFT JOIN c4 ON c4.id = g.id LEFT JOIN c5 ON c5.id = g.id LEFT JOIN c6 ON c6.id = g.id LEFT JOIN c7 ON c7.id = g.id LEFT JOIN c8 ON c8.id = g.id LEFT JOIN c9 ON c9.id = g.id
SELECT id AS group_id, EXISTS (SELECT 1 FROM groups h WHERE h.id = g.id AND h.name LIKE '%a%') AS k0, EXISTS (SELECT 1 FROM groups h WHERE h.id = g.id AND h.name LIKE '%b%') AS k1, EXISTS (SELECT 1 FROM groups h WHERE h.id = g.id AND h.name LIKE '%c%') AS k2, EXISTS (SELECT 1 FROM groups h WHERE h.id = g.id AND h.name LIKE '%d%') AS k3, EXISTS (SELECT 1 FROM groups h WHERE h.id = g.id AND h.name LIKE '%e%') AS k4, EXISTS (SELECT 1 FROM groups h WHERE h.id = g.id AND h.name LIKE '%f%') AS k5, EXISTS (SELECT 1 FROM groups h WHERE h.id = g.id AND h.name LIKE '%g%') AS k6, EXISTS (SELECT 1 FROM groups h WHERE h.id = g.id AND h.name LIKE '%h%') AS k7, EXISTS (SELECT 1 FROM groups h WHERE h.id = g.id AND h.name LIKE '%i%') AS k8, EXISTS (SELECT 1 FROM groups h WHERE h.id = g.id AND h.name LIKE '%j%') AS k9 FROM groups g
SELECT id AS group_id, id IN (SELECT id FROM groups WHERE name LIKE '%a%') AS k0, id IN (SELECT id FROM groups WHERE name LIKE '%b%') AS k1, id IN (SELECT id FROM groups WHERE name LIKE '%c%') AS k2, id IN (SELECT id FROM groups WHERE name LIKE '%d%') AS k3, id IN (SELECT id FROM groups WHERE name LIKE '%e%') AS k4, id IN (SELECT id FROM groups WHERE name LIKE '%f%') AS k5, id IN (SELECT id FROM groups WHERE name LIKE '%g%') AS k6, id IN (SELECT id FROM groups WHERE name LIKE '%h%') AS k7, id IN (SELECT id FROM groups WHERE name LIKE '%i%') AS k8, id IN (SELECT id FROM groups WHERE name LIKE '%j%') AS k9 FROM groups g
SELECT id AS group_id, CASE WHEN name LIKE '%a%' THEN '1' ELSE '0' END || CASE WHEN name LIKE '%b%' THEN '1' ELSE '0' END || CASE WHEN name LIKE '%c%' THEN '1' ELSE '0' END || CASE WHEN name LIKE '%d%' THEN '1' ELSE '0' END || CASE WHEN name LIKE '%e%' THEN '1' ELSE '0' END || CASE WHEN name LIKE '%f%' THEN '1' ELSE '0' END || CASE WHEN name LIKE '%g%' THEN '1' ELSE '0' END || CASE WHEN name LIKE '%h%' THEN '1' ELSE '0' END || CASE WHEN name LIKE '%i%' THEN '1' ELSE '0' END || CASE WHEN name LIKE '%j%' THEN '1' ELSE '0' END AS k FROM groups
SELECT id AS group_id, list_value(name LIKE '%a%', name LIKE '%b%', name LIKE '%c%', name LIKE '%d%', name LIKE '%e%', name LIKE '%f%', name LIKE '%g%', name LIKE '%h%', name LIKE '%i%', name LIKE '%j%') AS k FROM groups
SELECT group_id, sum((text LIKE '%a%')::INT)*1 + sum((text LIKE '%b%')::INT)*1000 + sum((text LIKE '%c%')::INT)*1000000 + sum((text LIKE '%d%')::INT)*1000000000 + sum((text LIKE '%e%')::INT)*1000000000000 + sum((text LIKE '%f%')::INT)*1000000000000000 + sum((text LIKE '%g%')::INT)*1000000000000000000 + sum((text LIKE '%h%')::INT)*1000000000000000000000 + sum((text LIKE '%i%')::INT)*1000000000000000000000000 + sum((text LIKE '%j%')::INT)*1000000000000000000000000000 AS k FROM messages GROUP BY 1
SELECT group_id, bool_or(text LIKE '%a%') AS k0, bool_or(text LIKE '%b%') AS k1, bool_or(text LIKE '%c%') AS k2, bool_or(text LIKE '%d%') AS k3, bool_or(text LIKE '%e%') AS k4, bool_or(text LIKE '%f%') AS k5, bool_or(text LIKE '%g%') AS k6, bool_or(text LIKE '%h%') AS k7, bool_or(text LIKE '%i%') AS k8, bool_or(text LIKE '%j%') AS k9 FROM messages GROUP BY 1
SELECT id AS group_id, name.left(1) AS k FROM groups
SELECT id AS group_id, name.upper().reverse() AS k FROM groups
SELECT id AS group_id, g.name.substr(1, 1).unicode() AS k FROM groups g
SELECT id AS group_id, length(name.left(2)) AS k FROM groups
SELECT any_value(id) AS group_id, count(*) AS k FROM groups GROUP BY name.left(1)
SELECT id AS group_id, [1].list_transform(lambda i: name.ord()) AS k FROM groups
SELECT id AS group_id, name -> '$[0]' AS k FROM groups
SELECT id AS group_id, ~ ord(name) AS k FROM groups
SELECT id AS group_id, percent_rank(ORDER BY name) OVER () AS k FROM groups
SELECT id AS group_id, rank(ORDER BY left(name, 1)) OVER () AS k FROM groups
SELECT id AS group_id, lead(id ORDER BY name) OVER () AS k FROM groups
SELECT id AS group_id, nth_value(id, 2 ORDER BY name) OVER () AS k FROM groups
SELECT id AS group_id, count(DISTINCT left(name, 1)) OVER (PARTITION BY department_id) AS k FROM groups
SELECT id AS group_id, count(*) OVER (ORDER BY id ROWS BETWEEN ord(name) PRECEDING AND CURRENT ROW) AS k FROM groups
SELECT id AS group_id, count(*) OVER w AS k FROM groups WINDOW w AS (ORDER BY id ROWS BETWEEN ord(name) PRECEDING AND CURRENT ROW)
SELECT id AS group_id, sum(1) OVER (ORDER BY created_at RANGE BETWEEN to_days(ord(name)) PRECEDING AND CURRENT ROW) AS k FROM groups
SELECT id AS group_id, max(id) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND (name LIKE '机%')::INT FOLLOWING) AS k FROM groups
SELECT g.id AS group_id, x.id AS k FROM groups g, (SELECT m.id FROM messages m ORDER BY m.id LIMIT (SELECT min(ord(name)) FROM groups)) x
SELECT g.id AS group_id, x.n AS k FROM groups g, (SELECT count(*) AS n FROM (SELECT 1 FROM messages LIMIT (SELECT min(ord(name)) FROM groups))) x
SELECT g.id AS group_id, x.n AS k FROM groups g, (SELECT count(*) AS n FROM (SELECT 1 FROM messages OFFSET (SELECT min(ord(name)) FROM groups))) x
SELECT d.group_id, left(d.value, 1) AS k FROM differences d
SELECT g.id AS group_id, unicode(d.value) AS k FROM groups g JOIN differences d ON d.group_id = g.id
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE {'a': g.name[1], 'b': m.id} IN ({'a':'机','b':'1'},{'a':'密','b':'2'})
SELECT g.id AS group_id, m.id AS k FROM groups g, messages m WHERE (g.name, m.id) IN (('机', '1'), ('密', '2'))
SELECT id AS group_id, count(*) FILTER (WHERE name LIKE 'a%') OVER (PARTITION BY id) AS a, count(*) FILTER (WHERE name LIKE 'b%') OVER (PARTITION BY id) AS b, count(*) FILTER (WHERE name LIKE 'c%') OVER (PARTITION BY id) AS c, count(*) FILTER (WHERE name LIKE 'd%') OVER (PARTITION BY id) AS d, count(*) FILTER (WHERE name LIKE 'e%') OVER (PARTITION BY id) AS e, count(*) FILTER (WHERE name LIKE 'f%') OVER (PARTITION BY id) AS f, count(*) FILTER (WHERE name LIKE 'g%') OVER (PARTITION BY id) AS g, count(*) FILTER (WHERE name LIKE 'h%') OVER (PARTITION BY id) AS h, count(*) FILTER (WHERE name LIKE 'i%') OVER (PARTITION BY id) AS i FROM groups
