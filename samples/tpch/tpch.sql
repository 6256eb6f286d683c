-- TPC-H: the eight tables made by the engine itself, then the 22 queries with the parameters of the specification's validation run.
-- The rows are pseudo-random by hash(), so that they are the same on every engine with Spark's hash; the distributions follow the specification
-- closely enough for every query to find rows, the text columns are short. ${scale}: 1 is about 6 million line items; at most 1 here.
CREATE DATABASE IF NOT EXISTS tpch;
USE tpch;

CREATE TABLE IF NOT EXISTS region USING parquet AS
SELECT CAST(r_regionkey AS BIGINT) AS r_regionkey, r_name, 'region' AS r_comment
FROM VALUES (0, 'AFRICA'), (1, 'AMERICA'), (2, 'ASIA'), (3, 'EUROPE'), (4, 'MIDDLE EAST') AS t(r_regionkey, r_name);

CREATE TABLE IF NOT EXISTS nation USING parquet AS
SELECT CAST(n_nationkey AS BIGINT) AS n_nationkey, n_name, CAST(n_regionkey AS BIGINT) AS n_regionkey, 'nation' AS n_comment
FROM VALUES (0, 'ALGERIA', 0), (1, 'ARGENTINA', 1), (2, 'BRAZIL', 1), (3, 'CANADA', 1), (4, 'EGYPT', 4), (5, 'ETHIOPIA', 0), (6, 'FRANCE', 3), (7, 'GERMANY', 3), (8, 'INDIA', 2),
  (9, 'INDONESIA', 2), (10, 'IRAN', 4), (11, 'IRAQ', 4), (12, 'JAPAN', 2), (13, 'JORDAN', 4), (14, 'KENYA', 0), (15, 'MOROCCO', 0), (16, 'MOZAMBIQUE', 0), (17, 'PERU', 1), (18, 'CHINA', 2),
  (19, 'ROMANIA', 3), (20, 'SAUDI ARABIA', 4), (21, 'VIETNAM', 2), (22, 'RUSSIA', 3), (23, 'UNITED KINGDOM', 3), (24, 'UNITED STATES', 1) AS t(n_nationkey, n_name, n_regionkey);

CREATE TABLE IF NOT EXISTS supplier USING parquet AS
SELECT s_suppkey, concat('Supplier#', lpad(CAST(s_suppkey AS STRING), 9, '0')) AS s_name, concat('street ', CAST(pmod(hash(s_suppkey, 'sa'), 999) AS STRING)) AS s_address, s_nationkey,
  concat_ws('-', CAST(s_nationkey + 10 AS STRING), lpad(CAST(pmod(hash(s_suppkey, 'p1'), 1000) AS STRING), 3, '0'), lpad(CAST(pmod(hash(s_suppkey, 'p2'), 10000) AS STRING), 4, '0')) AS s_phone,
  CAST((pmod(hash(s_suppkey, 'sb'), 1099999) - 99999) / 100.0 AS DECIMAL(15, 2)) AS s_acctbal,
  CASE WHEN pmod(hash(s_suppkey, 'sc'), 20) = 0 THEN 'slow Customer with many Complaints' ELSE 'quick deposits' END AS s_comment
FROM (SELECT id + 1 AS s_suppkey, CAST(pmod(hash(id, 'sn'), 25) AS BIGINT) AS s_nationkey FROM range(10000) WHERE id < 10000 * ${scale}) s;

CREATE TABLE IF NOT EXISTS part USING parquet AS
SELECT p_partkey,
  concat_ws(' ', element_at(colors, 1 + pmod(hash(p_partkey, 'c1'), 12)), element_at(colors, 1 + pmod(hash(p_partkey, 'c2'), 12)), element_at(colors, 1 + pmod(hash(p_partkey, 'c3'), 12))) AS p_name,
  concat('Manufacturer#', CAST(m AS STRING)) AS p_mfgr, concat('Brand#', CAST(m AS STRING), CAST(1 + pmod(hash(p_partkey, 'b'), 5) AS STRING)) AS p_brand,
  concat_ws(' ', element_at(array('STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO'), 1 + pmod(hash(p_partkey, 't1'), 6)),
    element_at(array('ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED'), 1 + pmod(hash(p_partkey, 't2'), 5)), element_at(array('TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER'), 1 + pmod(hash(p_partkey, 't3'), 5))) AS p_type,
  1 + pmod(hash(p_partkey, 'sz'), 50) AS p_size,
  concat_ws(' ', element_at(array('SM', 'LG', 'MED', 'JUMBO', 'WRAP'), 1 + pmod(hash(p_partkey, 'k1'), 5)), element_at(array('CASE', 'BOX', 'BAG', 'JAR', 'PKG', 'PACK', 'CAN', 'DRUM'), 1 + pmod(hash(p_partkey, 'k2'), 8))) AS p_container,
  CAST((90000 + pmod(p_partkey, 20001) + 100 * pmod(p_partkey, 1000)) / 100.0 AS DECIMAL(15, 2)) AS p_retailprice, 'part' AS p_comment
FROM (SELECT id + 1 AS p_partkey, 1 + pmod(hash(id, 'm'), 5) AS m,
  array('almond', 'azure', 'blue', 'chocolate', 'cream', 'forest', 'green', 'ivory', 'lemon', 'navy', 'red', 'snow') AS colors FROM range(200000) WHERE id < 200000 * ${scale}) p;

CREATE TABLE IF NOT EXISTS partsupp USING parquet AS
SELECT p_partkey AS ps_partkey, pmod(p_partkey + i * (suppliers DIV 4 + (p_partkey - 1) DIV suppliers), suppliers) + 1 AS ps_suppkey, 1 + pmod(hash(p_partkey, i, 'q'), 9999) AS ps_availqty,
  CAST((100 + pmod(hash(p_partkey, i, 'c'), 99900)) / 100.0 AS DECIMAL(15, 2)) AS ps_supplycost, 'stock' AS ps_comment
FROM part CROSS JOIN (SELECT id AS i FROM range(4)) n CROSS JOIN (SELECT count(*) AS suppliers FROM supplier) s;

CREATE TABLE IF NOT EXISTS customer USING parquet AS
SELECT c_custkey, concat('Customer#', lpad(CAST(c_custkey AS STRING), 9, '0')) AS c_name, concat('road ', CAST(pmod(hash(c_custkey, 'ca'), 999) AS STRING)) AS c_address, c_nationkey,
  concat_ws('-', CAST(c_nationkey + 10 AS STRING), lpad(CAST(pmod(hash(c_custkey, 'p1'), 1000) AS STRING), 3, '0'), lpad(CAST(pmod(hash(c_custkey, 'p2'), 10000) AS STRING), 4, '0')) AS c_phone,
  CAST((pmod(hash(c_custkey, 'cb'), 1099999) - 99999) / 100.0 AS DECIMAL(15, 2)) AS c_acctbal,
  element_at(array('AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD'), 1 + pmod(hash(c_custkey, 'ms'), 5)) AS c_mktsegment, 'customer' AS c_comment
FROM (SELECT id + 1 AS c_custkey, CAST(pmod(hash(id, 'cn'), 25) AS BIGINT) AS c_nationkey FROM range(150000) WHERE id < 150000 * ${scale}) c;

CREATE TABLE IF NOT EXISTS lineitem USING parquet AS
SELECT o_orderkey AS l_orderkey, l_partkey, pmod(l_partkey + s * (suppliers DIV 4 + (l_partkey - 1) DIV suppliers), suppliers) + 1 AS l_suppkey, l_linenumber, CAST(quantity AS DECIMAL(15, 2)) AS l_quantity,
  CAST(quantity * (90000 + pmod(l_partkey, 20001) + 100 * pmod(l_partkey, 1000)) / 100.0 AS DECIMAL(15, 2)) AS l_extendedprice,
  CAST(pmod(hash(o_orderkey, l_linenumber, 'd'), 11) / 100.0 AS DECIMAL(15, 2)) AS l_discount, CAST(pmod(hash(o_orderkey, l_linenumber, 't'), 9) / 100.0 AS DECIMAL(15, 2)) AS l_tax,
  CASE WHEN receipt <= DATE'1995-06-17' THEN CASE WHEN pmod(hash(o_orderkey, l_linenumber, 'r'), 2) = 0 THEN 'R' ELSE 'A' END ELSE 'N' END AS l_returnflag,
  CASE WHEN ship > DATE'1995-06-17' THEN 'O' ELSE 'F' END AS l_linestatus, ship AS l_shipdate, commit AS l_commitdate, receipt AS l_receiptdate,
  element_at(array('DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'), 1 + pmod(hash(o_orderkey, l_linenumber, 'i'), 4)) AS l_shipinstruct,
  element_at(array('REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'), 1 + pmod(hash(o_orderkey, l_linenumber, 'm'), 7)) AS l_shipmode, 'line' AS l_comment
FROM (
  SELECT *, 1 + pmod(hash(o_orderkey, l_linenumber, 'p'), parts) AS l_partkey, pmod(hash(o_orderkey, l_linenumber, 's'), 4) AS s, 1 + pmod(hash(o_orderkey, l_linenumber, 'q'), 50) AS quantity,
    date_add(ship, 1 + pmod(hash(o_orderkey, l_linenumber, 'rc'), 30)) AS receipt
  FROM (
    SELECT o_orderkey, l_linenumber, date_add(placed, 1 + pmod(hash(o_orderkey, l_linenumber, 'sh'), 121)) AS ship, date_add(placed, 30 + pmod(hash(o_orderkey, l_linenumber, 'cm'), 61)) AS commit
    FROM (SELECT id + 1 AS o_orderkey, date_add(DATE'1992-01-01', pmod(hash(id, 'od'), 2406)) AS placed, explode(sequence(1, 1 + pmod(hash(id, 'n'), 7))) AS l_linenumber FROM range(1500000) WHERE id < 1500000 * ${scale}) o
  ) l CROSS JOIN (SELECT count(*) AS parts FROM part) p
) l CROSS JOIN (SELECT count(*) AS suppliers FROM supplier) s;

CREATE TABLE IF NOT EXISTS orders USING parquet AS
SELECT o.o_orderkey, o.o_custkey, CASE WHEN l.open = 0 THEN 'F' WHEN l.open = l.lines THEN 'O' ELSE 'P' END AS o_orderstatus, CAST(l.total AS DECIMAL(15, 2)) AS o_totalprice, o.o_orderdate,
  element_at(array('1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'), 1 + pmod(hash(o.o_orderkey, 'pr'), 5)) AS o_orderpriority,
  concat('Clerk#', lpad(CAST(pmod(hash(o.o_orderkey, 'cl'), 1000) AS STRING), 9, '0')) AS o_clerk, 0 AS o_shippriority,
  CASE WHEN pmod(hash(o.o_orderkey, 'oc'), 10) = 0 THEN 'some special and unusual requests' ELSE 'plain order' END AS o_comment
FROM (
  SELECT id + 1 AS o_orderkey, date_add(DATE'1992-01-01', pmod(hash(id, 'od'), 2406)) AS o_orderdate, 1 + 3 * pmod(hash(id, 'oc'), customers DIV 3) + pmod(hash(id, 'o2'), 2) AS o_custkey
  FROM range(1500000) CROSS JOIN (SELECT count(*) AS customers FROM customer) c WHERE id < 1500000 * ${scale}
) o JOIN (
  SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS total, count(*) AS lines, sum(CASE WHEN l_linestatus = 'O' THEN 1 ELSE 0 END) AS open FROM lineitem GROUP BY l_orderkey
) l ON l.l_orderkey = o.o_orderkey;

-- Q1
SELECT l_returnflag, l_linestatus, sum(l_quantity) AS sum_qty, sum(l_extendedprice) AS sum_base_price, sum(l_extendedprice * (1 - l_discount)) AS sum_disc_price,
  sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS sum_charge, avg(l_quantity) AS avg_qty, avg(l_extendedprice) AS avg_price, avg(l_discount) AS avg_disc, count(*) AS count_order
FROM lineitem WHERE l_shipdate <= DATE '1998-12-01' - INTERVAL '90' DAY GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus;

-- Q2
SELECT s_acctbal, s_name, n_name, p_partkey, p_mfgr, s_address, s_phone, s_comment FROM part, supplier, partsupp, nation, region
WHERE p_partkey = ps_partkey AND s_suppkey = ps_suppkey AND p_size = 15 AND p_type LIKE '%BRASS' AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND r_name = 'EUROPE'
  AND ps_supplycost = (SELECT min(ps_supplycost) FROM partsupp, supplier, nation, region WHERE p_partkey = ps_partkey AND s_suppkey = ps_suppkey AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND r_name = 'EUROPE')
ORDER BY s_acctbal DESC, n_name, s_name, p_partkey LIMIT 100;

-- Q3
SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount)) AS revenue, o_orderdate, o_shippriority FROM customer, orders, lineitem
WHERE c_mktsegment = 'BUILDING' AND c_custkey = o_custkey AND l_orderkey = o_orderkey AND o_orderdate < DATE '1995-03-15' AND l_shipdate > DATE '1995-03-15'
GROUP BY l_orderkey, o_orderdate, o_shippriority ORDER BY revenue DESC, o_orderdate, l_orderkey LIMIT 10;

-- Q4
SELECT o_orderpriority, count(*) AS order_count FROM orders
WHERE o_orderdate >= DATE '1993-07-01' AND o_orderdate < DATE '1993-07-01' + INTERVAL '3' MONTH AND EXISTS (SELECT * FROM lineitem WHERE l_orderkey = o_orderkey AND l_commitdate < l_receiptdate)
GROUP BY o_orderpriority ORDER BY o_orderpriority;

-- Q5
SELECT n_name, sum(l_extendedprice * (1 - l_discount)) AS revenue FROM customer, orders, lineitem, supplier, nation, region
WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey AND l_suppkey = s_suppkey AND c_nationkey = s_nationkey AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND r_name = 'ASIA'
  AND o_orderdate >= DATE '1994-01-01' AND o_orderdate < DATE '1994-01-01' + INTERVAL '1' YEAR
GROUP BY n_name ORDER BY revenue DESC, n_name;

-- Q6
SELECT sum(l_extendedprice * l_discount) AS revenue FROM lineitem
WHERE l_shipdate >= DATE '1994-01-01' AND l_shipdate < DATE '1994-01-01' + INTERVAL '1' YEAR AND l_discount BETWEEN 0.06 - 0.01 AND 0.06 + 0.01 AND l_quantity < 24;

-- Q7
SELECT supp_nation, cust_nation, l_year, sum(volume) AS revenue FROM (
  SELECT n1.n_name AS supp_nation, n2.n_name AS cust_nation, year(l_shipdate) AS l_year, l_extendedprice * (1 - l_discount) AS volume FROM supplier, lineitem, orders, customer, nation n1, nation n2
  WHERE s_suppkey = l_suppkey AND o_orderkey = l_orderkey AND c_custkey = o_custkey AND s_nationkey = n1.n_nationkey AND c_nationkey = n2.n_nationkey
    AND ((n1.n_name = 'FRANCE' AND n2.n_name = 'GERMANY') OR (n1.n_name = 'GERMANY' AND n2.n_name = 'FRANCE')) AND l_shipdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31'
) AS shipping GROUP BY supp_nation, cust_nation, l_year ORDER BY supp_nation, cust_nation, l_year;

-- Q8
SELECT o_year, sum(CASE WHEN nation = 'BRAZIL' THEN volume ELSE 0 END) / sum(volume) AS mkt_share FROM (
  SELECT year(o_orderdate) AS o_year, l_extendedprice * (1 - l_discount) AS volume, n2.n_name AS nation FROM part, supplier, lineitem, orders, customer, nation n1, nation n2, region
  WHERE p_partkey = l_partkey AND s_suppkey = l_suppkey AND l_orderkey = o_orderkey AND o_custkey = c_custkey AND c_nationkey = n1.n_nationkey AND n1.n_regionkey = r_regionkey AND r_name = 'AMERICA'
    AND s_nationkey = n2.n_nationkey AND o_orderdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31' AND p_type = 'ECONOMY ANODIZED STEEL'
) AS all_nations GROUP BY o_year ORDER BY o_year;

-- Q9
SELECT nation, o_year, sum(amount) AS sum_profit FROM (
  SELECT n_name AS nation, year(o_orderdate) AS o_year, l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity AS amount FROM part, supplier, lineitem, partsupp, orders, nation
  WHERE s_suppkey = l_suppkey AND ps_suppkey = l_suppkey AND ps_partkey = l_partkey AND p_partkey = l_partkey AND o_orderkey = l_orderkey AND s_nationkey = n_nationkey AND p_name LIKE '%green%'
) AS profit GROUP BY nation, o_year ORDER BY nation, o_year DESC;

-- Q10
SELECT c_custkey, c_name, sum(l_extendedprice * (1 - l_discount)) AS revenue, c_acctbal, n_name, c_address, c_phone, c_comment FROM customer, orders, lineitem, nation
WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey AND o_orderdate >= DATE '1993-10-01' AND o_orderdate < DATE '1993-10-01' + INTERVAL '3' MONTH AND l_returnflag = 'R' AND c_nationkey = n_nationkey
GROUP BY c_custkey, c_name, c_acctbal, c_phone, n_name, c_address, c_comment ORDER BY revenue DESC, c_custkey LIMIT 20;

-- Q11
SELECT ps_partkey, sum(ps_supplycost * ps_availqty) AS value FROM partsupp, supplier, nation
WHERE ps_suppkey = s_suppkey AND s_nationkey = n_nationkey AND n_name = 'GERMANY' GROUP BY ps_partkey
HAVING sum(ps_supplycost * ps_availqty) > (SELECT sum(ps_supplycost * ps_availqty) * 0.0001 FROM partsupp, supplier, nation WHERE ps_suppkey = s_suppkey AND s_nationkey = n_nationkey AND n_name = 'GERMANY')
ORDER BY value DESC, ps_partkey;

-- Q12
SELECT l_shipmode, sum(CASE WHEN o_orderpriority = '1-URGENT' OR o_orderpriority = '2-HIGH' THEN 1 ELSE 0 END) AS high_line_count,
  sum(CASE WHEN o_orderpriority <> '1-URGENT' AND o_orderpriority <> '2-HIGH' THEN 1 ELSE 0 END) AS low_line_count FROM orders, lineitem
WHERE o_orderkey = l_orderkey AND l_shipmode IN ('MAIL', 'SHIP') AND l_commitdate < l_receiptdate AND l_shipdate < l_commitdate AND l_receiptdate >= DATE '1994-01-01' AND l_receiptdate < DATE '1994-01-01' + INTERVAL '1' YEAR
GROUP BY l_shipmode ORDER BY l_shipmode;

-- Q13
SELECT c_count, count(*) AS custdist FROM (
  SELECT c_custkey, count(o_orderkey) AS c_count FROM customer LEFT OUTER JOIN orders ON c_custkey = o_custkey AND o_comment NOT LIKE '%special%requests%' GROUP BY c_custkey
) AS c_orders GROUP BY c_count ORDER BY custdist DESC, c_count DESC;

-- Q14
SELECT 100.00 * sum(CASE WHEN p_type LIKE 'PROMO%' THEN l_extendedprice * (1 - l_discount) ELSE 0 END) / sum(l_extendedprice * (1 - l_discount)) AS promo_revenue FROM lineitem, part
WHERE l_partkey = p_partkey AND l_shipdate >= DATE '1995-09-01' AND l_shipdate < DATE '1995-09-01' + INTERVAL '1' MONTH;

-- Q15
WITH revenue AS (
  SELECT l_suppkey AS supplier_no, sum(l_extendedprice * (1 - l_discount)) AS total_revenue FROM lineitem WHERE l_shipdate >= DATE '1996-01-01' AND l_shipdate < DATE '1996-01-01' + INTERVAL '3' MONTH GROUP BY l_suppkey
)
SELECT s_suppkey, s_name, s_address, s_phone, total_revenue FROM supplier, revenue WHERE s_suppkey = supplier_no AND total_revenue = (SELECT max(total_revenue) FROM revenue) ORDER BY s_suppkey;

-- Q16
SELECT p_brand, p_type, p_size, count(DISTINCT ps_suppkey) AS supplier_cnt FROM partsupp, part
WHERE p_partkey = ps_partkey AND p_brand <> 'Brand#45' AND p_type NOT LIKE 'MEDIUM POLISHED%' AND p_size IN (49, 14, 23, 45, 19, 3, 36, 9) AND ps_suppkey NOT IN (SELECT s_suppkey FROM supplier WHERE s_comment LIKE '%Customer%Complaints%')
GROUP BY p_brand, p_type, p_size ORDER BY supplier_cnt DESC, p_brand, p_type, p_size;

-- Q17
SELECT sum(l_extendedprice) / 7.0 AS avg_yearly FROM lineitem, part
WHERE p_partkey = l_partkey AND p_brand = 'Brand#23' AND p_container = 'MED BOX' AND l_quantity < (SELECT 0.2 * avg(l_quantity) FROM lineitem WHERE l_partkey = p_partkey);

-- Q18
SELECT c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity) AS quantity FROM customer, orders, lineitem
WHERE o_orderkey IN (SELECT l_orderkey FROM lineitem GROUP BY l_orderkey HAVING sum(l_quantity) > 300) AND c_custkey = o_custkey AND o_orderkey = l_orderkey
GROUP BY c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice ORDER BY o_totalprice DESC, o_orderdate, o_orderkey LIMIT 100;

-- Q19
SELECT sum(l_extendedprice * (1 - l_discount)) AS revenue FROM lineitem, part
WHERE (p_partkey = l_partkey AND p_brand = 'Brand#12' AND p_container IN ('SM CASE', 'SM BOX', 'SM PACK', 'SM PKG') AND l_quantity >= 1 AND l_quantity <= 1 + 10 AND p_size BETWEEN 1 AND 5 AND l_shipmode IN ('AIR', 'AIR REG') AND l_shipinstruct = 'DELIVER IN PERSON')
  OR (p_partkey = l_partkey AND p_brand = 'Brand#23' AND p_container IN ('MED BAG', 'MED BOX', 'MED PKG', 'MED PACK') AND l_quantity >= 10 AND l_quantity <= 10 + 10 AND p_size BETWEEN 1 AND 10 AND l_shipmode IN ('AIR', 'AIR REG') AND l_shipinstruct = 'DELIVER IN PERSON')
  OR (p_partkey = l_partkey AND p_brand = 'Brand#34' AND p_container IN ('LG CASE', 'LG BOX', 'LG PACK', 'LG PKG') AND l_quantity >= 20 AND l_quantity <= 20 + 10 AND p_size BETWEEN 1 AND 15 AND l_shipmode IN ('AIR', 'AIR REG') AND l_shipinstruct = 'DELIVER IN PERSON');

-- Q20
SELECT s_name, s_address FROM supplier, nation WHERE s_suppkey IN (
  SELECT ps_suppkey FROM partsupp WHERE ps_partkey IN (SELECT p_partkey FROM part WHERE p_name LIKE 'forest%')
    AND ps_availqty > (SELECT 0.5 * sum(l_quantity) FROM lineitem WHERE l_partkey = ps_partkey AND l_suppkey = ps_suppkey AND l_shipdate >= DATE '1994-01-01' AND l_shipdate < DATE '1994-01-01' + INTERVAL '1' YEAR)
) AND s_nationkey = n_nationkey AND n_name = 'CANADA' ORDER BY s_name;

-- Q21
SELECT s_name, count(*) AS numwait FROM supplier, lineitem l1, orders, nation
WHERE s_suppkey = l1.l_suppkey AND o_orderkey = l1.l_orderkey AND o_orderstatus = 'F' AND l1.l_receiptdate > l1.l_commitdate
  AND EXISTS (SELECT * FROM lineitem l2 WHERE l2.l_orderkey = l1.l_orderkey AND l2.l_suppkey <> l1.l_suppkey)
  AND NOT EXISTS (SELECT * FROM lineitem l3 WHERE l3.l_orderkey = l1.l_orderkey AND l3.l_suppkey <> l1.l_suppkey AND l3.l_receiptdate > l3.l_commitdate) AND s_nationkey = n_nationkey AND n_name = 'SAUDI ARABIA'
GROUP BY s_name ORDER BY numwait DESC, s_name LIMIT 100;

-- Q22
SELECT cntrycode, count(*) AS numcust, sum(c_acctbal) AS totacctbal FROM (
  SELECT substring(c_phone, 1, 2) AS cntrycode, c_acctbal FROM customer
  WHERE substring(c_phone, 1, 2) IN ('13', '31', '23', '29', '30', '18', '17') AND c_acctbal > (SELECT avg(c_acctbal) FROM customer WHERE c_acctbal > 0.00 AND substring(c_phone, 1, 2) IN ('13', '31', '23', '29', '30', '18', '17'))
    AND NOT EXISTS (SELECT * FROM orders WHERE o_custkey = c_custkey)
) AS custsale GROUP BY cntrycode ORDER BY cntrycode;
