using Hearth.Engine.Binding;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>Session variables, EXECUTE IMMEDIATE and functions written in SQL: Spark 4's.</summary>
internal sealed class ProceduralStatements(EngineSession session, StatementRunner runner)
{
    /// <summary>Runs the statement, or gives null when it is none of these.</summary>
    public StatementResult? Run(Statement statement, CancellationToken cancellationToken)
    {
        if (statement is not (DeclareVariable or SetVariables or SetVariablesFrom or DropVariable or Sql.ExecuteImmediate or CreateFunction or DropFunction))
        {
            return null;
        }

        if (session.Conf.Release.Major < 4)
        {
            throw new EngineException("PARSE_SYNTAX_ERROR", "Syntax error: session variables, EXECUTE IMMEDIATE and functions written in SQL are Spark 4's.", ErrorKind.ParseException, "choose an emr-8 release", statement.At);
        }

        switch (statement)
        {
            case DeclareVariable declare:
                Declare(declare);
                break;
            case SetVariables set:
                Assign(set);
                break;
            case SetVariablesFrom set:
                Assign(set.Names, set.Query, cancellationToken);
                break;
            case DropVariable drop:
                Drop(drop);
                break;
            case CreateFunction create:
                Create(create);
                break;
            case DropFunction drop:
                Drop(drop);
                break;
            default:
                return Immediate((Sql.ExecuteImmediate)statement, cancellationToken);
        }

        return StatementResult.Nothing;
    }

    private void Declare(DeclareVariable declare)
    {
        string[] names = [.. declare.Names.Select(n => SessionVariables.Unqualified(n) ?? throw Unresolved(n))];
        if (declare.Default is ScalarQueryExpr or ExistsExpr or InQueryExpr)
        {
            throw new EngineException("INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION", "Failed to execute DECLARE VARIABLE: the default must not contain subquery expressions.", position: declare.At);
        }

        if (!declare.Replace && names.FirstOrDefault(n => session.Variables.Find([n]) is not null) is { } there)
        {
            throw new EngineException("VARIABLE_ALREADY_EXISTS", $"Cannot create the variable `system`.`session`.`{there}` because it already exists. Choose a different name, or drop or replace the existing variable.", position: declare.At);
        }

        (object? value, SparkType type) = declare.Default is null ? (null, declare.Type!) : Value(declare.Default, declare.Type);
        foreach (string name in names)
        {
            session.Variables.Set(name, new SessionVariable(type, value, declare.Default));
        }
    }

    private void Assign(SetVariables set)
    {
        Distinct(set.Values.Select(v => v.Name));
        (string Name, SessionVariable Variable)[] changed = [.. set.Values.Select(v =>
        {
            SessionVariable old = session.Variables.Find(v.Name) ?? throw Unresolved(v.Name);
            Expr? value = v.Value ?? old.Default;
            return (SessionVariables.Unqualified(v.Name)!, old with { Value = value is null ? null : Value(value, old.Type).Value });
        })];
        foreach ((string name, SessionVariable variable) in changed)
        {
            session.Variables.Set(name, variable);
        }
    }

    /// <summary>The only row of a query, NULLs when there is none, into variables.</summary>
    private void Assign(Seq<Seq<string>> names, Relation query, CancellationToken cancellationToken)
    {
        Distinct(names);
        SessionVariable[] variables = [.. names.Select(n => session.Variables.Find(n) ?? throw Unresolved(n))];
        StructType schema = session.SchemaOf(query);
        if (schema.Fields.Count != names.Count)
        {
            throw new EngineException("ASSIGNMENT_ARITY_MISMATCH", $"The number of columns or variables assigned or aliased: {names.Count} does not match the number of source expressions: {schema.Fields.Count}.");
        }

        string[] plain = [.. schema.Fields.Select((_, i) => $"c{i}")];
        Seq<Expr> casts = plain.Select((c, i) => (Expr)new AliasExpr(new CastExpr(new ColumnName([c]), variables[i].Type, Try: false), [c])).ToSeq();
        using QueryResult result = session.Run(new Project(new NameColumns(query, plain.ToSeq()), casts), 2, cancellationToken);
        object?[][] rows = [.. result.Rows().Select(r => r.ToArray())];
        if (rows.Length > 1)
        {
            throw new EngineException("ROW_SUBQUERY_TOO_MANY_ROWS", "More than one row returned by a subquery used as a row.", ErrorKind.SparkRuntimeException);
        }

        for (int i = 0; i < variables.Length; i++)
        {
            session.Variables.Set(SessionVariables.Unqualified(names[i])!, variables[i] with { Value = rows.Length == 0 ? null : Literal(rows[0][i], variables[i].Type) });
        }
    }

    private void Drop(DropVariable drop)
    {
        string name = SessionVariables.Unqualified(drop.Name) ?? throw Unresolved(drop.Name);
        if (!session.Variables.Remove(name) && !drop.IfExists)
        {
            throw new EngineException("VARIABLE_NOT_FOUND", $"The variable `system`.`session`.`{name}` cannot be found. Verify the spelling and correctness of the schema and catalog.", position: drop.At);
        }
    }

    private StatementResult Immediate(Sql.ExecuteImmediate execute, CancellationToken cancellationToken)
    {
        (object? text, SparkType type) = Value(execute.Text, null);
        if (type != SparkType.String && text is not null)
        {
            throw new EngineException("INVALID_VARIABLE_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE", $"Variable type must be string type but got {Errors.TypeOf(type)}.", position: execute.At);
        }

        string sql = text as string ?? throw new EngineException("NULL_QUERY_STRING_EXECUTE_IMMEDIATE", "Execute immediate requires a non-null variable as the query string.", position: execute.At);
        Statement statement = SqlParser.ParseStatement(sql, Parameters(execute, sql));
        if (statement is Sql.ExecuteImmediate)
        {
            throw new EngineException("NESTED_EXECUTE_IMMEDIATE", $"Nested EXECUTE IMMEDIATE commands are not allowed: {sql}", position: execute.At);
        }

        if (execute.Into.Count == 0)
        {
            return runner.Run(statement, cancellationToken);
        }

        Assign(execute.Into, statement is QueryStatement query ? query.Query : throw new EngineException("INVALID_STATEMENT_FOR_EXECUTE_INTO", $"The INTO clause of EXECUTE IMMEDIATE is only valid for queries but the given statement is not a query: {sql}.", position: execute.At), cancellationToken);
        return StatementResult.Nothing;
    }

    private SqlParameters Parameters(Sql.ExecuteImmediate execute, string text)
    {
        // A variable is known by its own name too; a constant without one has its place only.
        if (execute.Using.Any(u => u is AliasExpr) && !text.Contains('?', StringComparison.Ordinal) && execute.Using.FirstOrDefault(u => u is not (AliasExpr or ColumnName)) is { } bare)
        {
            throw new EngineException("ALL_PARAMETERS_MUST_BE_NAMED", "Using name parameterized queries requires all parameters to be named.", position: bare.At ?? execute.At);
        }

        Expr[] values = [.. execute.Using.Select(u => Parameter(u is AliasExpr alias ? alias.Value : u))];
        Dictionary<string, Expr> named = new(StringComparer.Ordinal);
        foreach ((Expr given, Expr value) in execute.Using.Zip(values))
        {
            string? name = given is AliasExpr alias ? alias.Names[0] : given is ColumnName column ? column.Parts[^1] : null;
            if (name is not null && !named.TryAdd(name, value) && given is AliasExpr)
            {
                throw new EngineException("EXEC_IMMEDIATE_DUPLICATE_ARGUMENT_ALIASES", $"The USING clause of this EXECUTE IMMEDIATE command contained multiple arguments with same alias (`{name}`), which is invalid; please update the command to specify unique aliases and then try it again.", position: execute.At);
            }
        }

        return new SqlParameters(values, named);
    }

    private LiteralExpr Parameter(Expr value)
    {
        if (value is ColumnName name)
        {
            return session.Variables.Find(name.Parts) is { } variable ? new LiteralExpr(variable.Value, variable.Type) : throw Unresolved(name.Parts);
        }

        if (value is not (LiteralExpr or CallExpr { Name: "negative" }))
        {
            throw new EngineException("UNSUPPORTED_EXPR_FOR_PARAMETER", "A query parameter contains an unsupported expression: only literals and variables are.", position: value.At);
        }

        (object? constant, SparkType type) = Value(value, null);
        return new LiteralExpr(constant, type);
    }

    private void Create(CreateFunction create)
    {
        SqlFunctions.Check(new SessionEnvironment(session), create);
        if (create.Temporary)
        {
            if (create.Name.Count > 1)
            {
                throw new EngineException("INVALID_TEMP_OBJ_QUALIFIER", "The name of a temporary function has no qualifier.", position: create.At);
            }

            if (create.Replace)
            {
                session.Variables.Functions[create.Name[0]] = create;
            }
            else if (!session.Variables.Functions.TryAdd(create.Name[0], create))
            {
                throw Exists(create);
            }

            return;
        }

        (string database, string name) = runner.Qualify(create.Name);
        if (!session.Catalog.SaveFunction(database, name, create.Text, create.Replace) && !create.IfNotExists)
        {
            throw Exists(create);
        }
    }

    private void Drop(DropFunction drop)
    {
        bool gone = drop.Temporary ? session.Variables.Functions.TryRemove(drop.Name[^1], out _) : runner.Qualify(drop.Name) is var (database, name) && session.Catalog.DropFunction(database, name);
        if (!gone && !drop.IfExists)
        {
            throw new EngineException("ROUTINE_NOT_FOUND", $"The routine {Errors.Quote(drop.Name)} cannot be found. Verify the spelling and correctness of the schema and catalog.", position: drop.At);
        }
    }

    private static EngineException Exists(CreateFunction create) =>
        new("ROUTINE_ALREADY_EXISTS", $"Cannot create the routine {Errors.Quote(create.Name)} because a routine of that name already exists. Choose a different name, drop or replace the existing routine, or add the IF NOT EXISTS clause to tolerate a pre-existing routine.", position: create.At);

    private static EngineException Unresolved(Seq<string> name) =>
        new("UNRESOLVED_VARIABLE", $"Cannot resolve variable {Errors.Quote(name)} on search path `SYSTEM`.`SESSION`.");

    private static void Distinct(IEnumerable<Seq<string>> names)
    {
        if (names.Select(n => SessionVariables.Unqualified(n) ?? throw Unresolved(n)).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new EngineException("DUPLICATE_ASSIGNMENTS", $"The columns or variables list contains duplicate name `{twice.Key}` as assignment targets.");
        }
    }

    private (object? Value, SparkType Type) Value(Expr expression, SparkType? type)
    {
        Expr value = type is null ? expression : new CastExpr(expression, type, Try: false);
        using QueryResult result = session.Run(new Select([new AliasExpr(value, ["v"])], new OneRow(), null, null, null, Distinct: false, []), 2);
        SparkType own = result.Schema.Fields[0].Type;
        return (Literal(result.Rows().First()[0], own), own);
    }

    // Literals keep whole numbers as long.
    private static object? Literal(object? value, SparkType type) => value is not null && type.IsIntegral ? Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) : value;
}
