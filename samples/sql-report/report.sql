-- Sales of a year: a temporary view, a total for each quarter, the best month. ${year} comes from --hivevar.
CREATE OR REPLACE TEMPORARY VIEW sales AS
SELECT make_date(${year}, 1 + CAST(id % 12 AS INT), 1) AS month, CAST((id * 37) % 100 AS DECIMAL(10, 2)) AS amount
FROM range(1200);

SELECT quarter(month) AS quarter, count(*) AS sales, sum(amount) AS total
FROM sales
GROUP BY quarter(month)
ORDER BY quarter;

SELECT date_format(month, 'yyyy-MM') AS best_month, sum(amount) AS total
FROM sales
GROUP BY month
ORDER BY total DESC, best_month
LIMIT 1;
