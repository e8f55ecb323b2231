-- An estate of any size: skewed group sizes, about two percent violations. Every "random" number is a hash of the
-- row's number, a word and the seed, so that the same seed gives the same tables. Person number n belongs to
-- department n // size; size is a prime that leaves 2 when divided by 3: cubing then permutes the residues, so that
-- a group's members are drawn without repeats and two groups have little in common.
SET TimeZone = 'UTC';
CREATE MACRO u(word, number) AS (hash(number, word, $seed) >> 11)::DOUBLE / 9007199254740992;
CREATE MACRO few(word, number, share := 0.02) AS u(word, number) < share;
CREATE MACRO pick(word, number, count) AS CAST(floor(u(word, number) * count) AS BIGINT);
CREATE MACRO ago(days) AS TIMESTAMPTZ '2024-04-14T16:00:00Z' - to_seconds(CAST(days * 86400 AS BIGINT));
CREATE MACRO since(word, number, earliest, latest) AS ago(latest + (earliest - latest) * u(word, number));
CREATE MACRO id(letter, number) AS letter || lpad(CAST(number + 1 AS VARCHAR), 8, '0');
CREATE MACRO letter(letters, number) AS substr(letters, 1 + CAST(number % length(letters) AS BIGINT), 1);
CREATE MACRO cube(number) AS number % $size * (number % $size) % $size * (number % $size) % $size;
CREATE MACRO member(department, start, step, owner, place) AS
    department * $size + ((cube(start + place) - cube(start) + $size) % $size * step + owner) % $size;

CREATE TABLE departments AS
SELECT id('d', d) AS id, letter(s, d) || letter(s, d // length(s)) || letter(s, d // length(s) // length(s)) || '处' AS name,
    [name || '办公室'] AS aliases, CAST(NULL AS VARCHAR) AS parent_id
FROM range($departments) t(d), (SELECT '信安科教资建规策审采宣统招学研档图网医体艺农林水电材化数理' AS s);

CREATE TABLE staff AS
SELECT n, n // $size AS d, n % $size AS place, id('p', n) AS person_id, id('a', n) AS account_id,
    letter(surnames, n * 7919) || letter(given, n * 7919 // length(surnames))
        || letter(given, n * 7919 // length(surnames) // length(given)) AS name
FROM range($departments * $size) t(n),
    (SELECT '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕' AS surnames,
        '建志文国海晓明春秋雨思嘉宏永立新玉佳美俊雅慧子梦若欣怡泽浩宇平华军强伟涛峰磊斌鹏' AS given);

CREATE TABLE people AS
SELECT person_id AS id, name, CASE
    WHEN place = 0 OR u('status', n) < 0.9945 THEN 'active' WHEN u('status', n) < 0.9955 THEN 'retired'
    WHEN u('status', n) < 0.9965 THEN 'departed' WHEN u('status', n) < 0.998 THEN 'seconded' ELSE 'leave' END AS status,
    CASE status WHEN 'active' THEN since('since', n, 4000, 1200) ELSE since('until', n, 200, 1) END AS status_since
FROM staff;

CREATE TABLE appointments AS
WITH ranked AS (SELECT *, CASE WHEN place = 0 THEN 1 WHEN place < 3 THEN 2 WHEN place < 60 THEN 3 ELSE 4 END AS r FROM staff)
SELECT person_id, id('d', d) AS department_id, ['处长', '副处长', '科长', '科员'][r] AS title,
    ['中层正职', '中层副职', '正科级', '科员'][r] AS rank, [['全面工作', '党建', '综合', '业务'][r]] AS duties,
    since('since', n, 4000, 1200) AS since
FROM ranked;

CREATE TABLE accounts AS SELECT account_id AS id, 'wecom' AS platform, person_id, 'internal' AS kind, name FROM staff;

CREATE TABLE made AS
WITH weighed AS (
    SELECT g, exp(0.7 * sqrt(-2 * ln(1 - u('weight', g))) * cos(2 * pi() * u('angle', g))) AS weight FROM range($groups) t(g)),
drawn AS (
    SELECT g, greatest(3, least($size - 1, CAST(round(weight * $members / sum(weight) OVER ()) AS BIGINT))) AS members,
        pick('department', g, $departments) AS d, pick('start', g, $size) AS start, 1 + pick('step', g, $size - 1) AS step,
        -- A few people own many groups, most own none.
        CAST(floor(pow(u('owner', g), 1 / 0.7) * ($size - 1)) AS BIGINT) AS place
    FROM weighed)
SELECT *, d * $size + place AS owner, CASE WHEN few('made', g) THEN (owner + 1) % ($departments * $size) ELSE owner END AS creator,
    creator <> owner AND few('recorded', g, 0.5) AS recorded, 40 + 1460 * u('age', g) AS age, few('done', g) AS done,
    CASE WHEN done OR u('kind', g) BETWEEN 0.7 AND 0.9 THEN 'project' WHEN u('kind', g) < 0.7 THEN 'standing' ELSE 'temporary' END AS kind
FROM drawn;

CREATE TABLE stays AS
SELECT made.*, k, g * $size + k AS s, member(d, start, step, place, k) AS n, k > 1 AND few('gone', s) AS gone,
    k > 0 AND few('code', s, 0.002) AS code, CASE WHEN k = 0 THEN 1 ELSE 0.02 + 0.96 * u('joined', s) END AS share
FROM made, unnest(range(members)) t(k);

CREATE TABLE memberships AS
-- Whoever owned the group at the time brought each member in.
SELECT id('g', g) AS group_id, id('a', stays.n) AS account_id,
    CASE WHEN k = 0 THEN 'owner' WHEN k = 1 AND NOT few('admin', g) THEN 'admin' ELSE 'member' END AS role,
    CASE WHEN few('nickname', s, 0.002) THEN '云淡风轻' ELSE departments.name || '-' || staff.name END AS display_name,
    ago(age * share) AS joined_at, CASE WHEN gone THEN ago(age * share / 2) END AS left_at,
    CASE WHEN k > 0 AND NOT code THEN id('a', CASE WHEN recorded AND share > 0.5 THEN creator ELSE owner END) END AS inviter_id,
    CASE WHEN k = 0 THEN 'created' WHEN code THEN 'qr' ELSE 'invite' END AS join_scene
FROM stays JOIN departments ON departments.id = id('d', stays.d)
JOIN staff ON staff.n = CASE WHEN few('borrowed', s, 0.002) THEN stays.d * $size + (stays.n + 1) % $size ELSE stays.n END
ORDER BY s;

CREATE TABLE groups AS
WITH scopes AS (
    -- Who has left is no longer expected; the owner, named twice, takes the place in the list.
    SELECT g, list(id('p', CASE WHEN gone THEN owner WHEN few('stranger', s, 0.002) THEN (n + 7) % ($departments * $size)
        ELSE n END) ORDER BY k) AS people
    FROM stays GROUP BY g)
SELECT id('g', g) AS id, 'platform' AS source, 'wecom' AS platform,
    departments.name || CASE WHEN few('leftover', g, 0.01) THEN '2021年' ELSE '' END || '工作群' || id('g', g) AS name,
    kind, departments.id AS department_id, id('a', creator) AS creator_id,
    CASE WHEN NOT few('unowned', g, 0.005) THEN id('a', owner) END AS owner_id,
    CASE WHEN NOT few('unnamed', g) THEN id('p', d * $size) END AS responsible_id,
    ago(age) AS created_at, ago(age - 2) AS registered_at,
    CASE WHEN few('dissolved', g) THEN since('dissolution', g, 30, 1) END AS dissolved_at,
    NOT few('open', g) AS join_approval, few('qr', g) AS qr_join, '请以单位-姓名实名。' AS announcement,
    CASE WHEN kind <> 'standing' THEN id('t', g) END AS task_id,
    {departments: CAST([] AS VARCHAR[]), ranks: CAST([] AS VARCHAR[]), titles: CAST([] AS VARCHAR[]),
        duties: CAST([] AS VARCHAR[]), people: people} AS scope
FROM made JOIN scopes USING (g) JOIN departments ON departments.id = id('d', made.d) ORDER BY g;

CREATE TABLE tasks AS
SELECT id('t', g) AS id, id('t', g) AS title, id('d', d) AS department_id, since('due', g, -10, -90) AS due_at,
    CASE WHEN done THEN 'done' ELSE 'open' END AS state, CASE WHEN done THEN since('finished', g, 120, 20) END AS done_at
FROM made;

CREATE TABLE events AS
-- The hand-overs that are on record, each halfway through the group's life.
SELECT id('e', g) AS id, id('g', g) AS group_id, ago(age / 2) AS at, 'transfer' AS kind, id('a', creator) AS actor_id,
    id('a', owner) AS subject_id
FROM made WHERE recorded;

CREATE TABLE messages AS
WITH sent AS (
    -- One late message for each group, as far as they go, so that few have fallen silent; a few groups write most.
    SELECT m, CASE WHEN m < $groups THEN m ELSE CAST(floor(pow(u('group', m), 2) * $groups) AS BIGINT) END AS g,
        CASE WHEN m >= $groups THEN 0.1 + 180 * u('sent', m) WHEN few('silent', m) THEN 100 + 80 * u('sent', m)
            ELSE 60 * u('sent', m) END AS days
    FROM range($messages) t(m))
SELECT id('m', m) AS id, id('g', g) AS group_id, ago(days) AS sent_at,
    id('a', member(d, start, step, place, pick('sender', m, members))) AS sender_id,
    CASE WHEN u('type', m) < 0.7 THEN 'text' WHEN u('type', m) < 0.82 THEN 'file' WHEN u('type', m) < 0.92 THEN 'image'
        WHEN u('type', m) < 0.97 THEN 'emoji' WHEN u('type', m) < 0.999 THEN 'system' ELSE 'red_packet' END AS type,
    CASE WHEN few('marked', m, 0.0002) THEN '机密★10年（示例）' ELSE
        ['【通知】请各科室于4月19日下班前将材料电子版发综合科。', '已完成，材料发综合科了。', '会议改到明天上午九点，地点不变。',
        '请大家核对台账，如有变动请反馈。', '附件是统计表，请按要求填写。', '有一处数据需要核实，核实后再报。',
        '保守国家秘密是每个人的义务，请认真学习。'][1 + pick('text', m, 7)] END AS text
FROM sent JOIN made USING (g) ORDER BY m;

CREATE TABLE attachments AS
SELECT 'f' || id AS id, id AS message_id, ['统计表.xlsx', '工作安排.docx', '议程.pdf'][1 + pick('file', id, 3)] AS name
FROM messages WHERE type = 'file';
