SELECT count(*) FROM range(10);
SELECT amout FROM VALUES (1, 2) AS sales(id, amount);
