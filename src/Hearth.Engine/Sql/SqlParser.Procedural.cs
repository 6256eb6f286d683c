using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Session variables, EXECUTE IMMEDIATE, and functions written in SQL.</summary>
public sealed partial class SqlParser
{
    private DeclareVariable Declare()
    {
        Word("DECLARE");
        bool replace = TryWords("OR", "REPLACE");
        _ = (IsWord("VARIABLE") || IsWord("VAR")) && Ahead().Kind is TokenKind.Word or TokenKind.QuotedName && Take().End > 0;
        if (IsWords("IF", "NOT"))
        {
            throw Unexpected("a variable is declared without IF NOT EXISTS");
        }

        Seq<Seq<string>> names = CommaList(QualifiedName);
        SparkType? type = IsWord("DEFAULT") || IsSymbol("=") ? null : TryDataType();
        Expr? value = TryWord("DEFAULT") || TrySymbol("=") ? Expression() : null;
        return type is null && value is null
            ? throw new EngineException("INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED", "The definition of a SQL variable requires either a datatype or a DEFAULT clause.", ErrorKind.ParseException, "use DECLARE name INT or DECLARE name = 5", Here)
            : new DeclareVariable(names, type, value, replace);
    }

    private bool StartsSetVariable() => Ahead().IsWord("VAR") || Ahead().IsWord("VARIABLE");

    private Statement SetVariableTail()
    {
        _index += 2;
        if (!TrySymbol("("))
        {
            return new SetVariables(CommaList(() =>
            {
                Seq<string> name = QualifiedName();
                Symbol("=");
                return new VariableValue(name, IsWord("DEFAULT") && !Ahead().IsSymbol("(") && !Ahead().IsSymbol(".") && Take().End > 0 ? null : Expression());
            }));
        }

        Seq<Seq<string>> names = CommaList(QualifiedName);
        Symbol(")");
        Symbol("=");
        Symbol("(");
        Relation query = Query();
        Symbol(")");
        return new SetVariablesFrom(names, query);
    }

    private ExecuteImmediate Execute()
    {
        Word("EXECUTE");
        Word("IMMEDIATE");
        Expr text = Expression();
        Seq<Seq<string>> into = TryWord("INTO") ? CommaList(QualifiedName) : [];
        Seq<Expr> values = TryWord("USING") ? CommaList(SelectItem) : [];
        if (values is [CallExpr { Name: "struct", Args: { Count: > 1 } args }])
        {
            values = args;
        }

        return new ExecuteImmediate(text, into, values);
    }

    private CreateFunction CreateFunctionTail(bool replace, bool temporary)
    {
        bool unless = IfNotExists();
        Seq<string> name = QualifiedName();
        if (!IsSymbol("("))
        {
            throw Unsupported("functions of Java classes (CREATE FUNCTION .. AS)");
        }

        Seq<FunctionParameter> parameters = Parameters();
        (SparkType? returns, StructType? table) = Returns();
        Characteristics();
        Word("RETURN");
        Expr body = StartsQuery() && !IsSymbol("(") ? new ScalarQueryExpr(Query()) { At = Here } : Expression();
        return new CreateFunction(name, parameters, returns, table, body, _sql[.._tokens[_index - 1].End]) { Replace = replace, IfNotExists = unless, Temporary = temporary };
    }

    // WITH SCHEMA COMPENSATION is what a view of Spark 4 does when nothing is said.
    private void ViewBinding()
    {
        if (TryWords("WITH", "SCHEMA") && !TryWord("COMPENSATION"))
        {
            throw Unsupported($"views WITH SCHEMA {Current.Text.ToUpperInvariant()}");
        }
    }

    private Seq<FunctionParameter> Parameters()
    {
        Symbol("(");
        Seq<FunctionParameter> parameters = IsSymbol(")") ? [] : CommaList(Parameter);
        Symbol(")");
        if (parameters.GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new EngineException("DUPLICATE_ROUTINE_PARAMETER_NAMES", $"Found duplicate name(s) in the parameter list of the user-defined routine: `{twice.Key}`.", ErrorKind.ParseException, position: Here);
        }

        int optional = parameters.TakeWhile(p => p.Default is null).Count();
        return parameters.Skip(optional).Any(p => p.Default is null)
            ? throw new EngineException("USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_PARAMETER_POSITION", "A parameter without a default follows one with a default.", ErrorKind.ParseException, position: Here)
            : parameters;
    }

    private FunctionParameter Parameter()
    {
        string name = Name();
        SparkType type = DataType();
        if (IsWords("NOT", "NULL"))
        {
            throw new EngineException("USER_DEFINED_FUNCTIONS.NOT_NULL_ON_FUNCTION_PARAMETERS", "Parameters of a function cannot be NOT NULL.", ErrorKind.ParseException, position: Here);
        }

        if (IsWord("GENERATED"))
        {
            throw new EngineException("INVALID_SQL_SYNTAX.CREATE_FUNC_WITH_GENERATED_COLUMNS_AS_PARAMETERS", "Parameters of a function cannot be generated columns.", ErrorKind.ParseException, position: Here);
        }

        Expr? value = TryWord("DEFAULT") ? Expression() : null;
        _ = TryWord("COMMENT") && Text().Length >= 0;
        return new FunctionParameter(name, type, value);
    }

    private (SparkType? Type, StructType? Table) Returns()
    {
        if (!TryWord("RETURNS"))
        {
            return (null, null);
        }

        if (!TryWord("TABLE"))
        {
            return (DataType(), null);
        }

        if (!TrySymbol("("))
        {
            return (null, new StructType([]));
        }

        StructType columns = ColumnList();
        Symbol(")");
        return columns.Fields.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new EngineException("DUPLICATE_ROUTINE_RETURNS_COLUMNS", $"Found duplicate column(s) in the RETURNS clause column list of the user-defined routine: `{twice.Key}`.", ErrorKind.ParseException, position: Here)
            : (null, columns);
    }

    // What a function says of itself changes nothing here.
    private void Characteristics()
    {
        while (true)
        {
            if (TryWord("LANGUAGE"))
            {
                Word("SQL");
            }
            else if (TryWord("COMMENT"))
            {
                _ = Text();
            }
            else if (TryWords("CONTAINS", "SQL") || TryWord("DETERMINISTIC") || TryWords("NOT", "DETERMINISTIC") || TryWords("SQL", "SECURITY"))
            {
                _ = TryWord("DEFINER") || TryWord("INVOKER");
            }
            else if (IsWords("READS", "SQL"))
            {
                _index += 2;
                Word("DATA");
            }
            else
            {
                return;
            }
        }
    }
}
