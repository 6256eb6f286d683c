using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>UPDATE, DELETE and MERGE.</summary>
public sealed partial class SqlParser
{
    private UpdateTable Update()
    {
        Word("UPDATE");
        Seq<string> table = QualifiedName();
        string? alias = AliasName();
        Word("SET");
        Seq<Assignment> assignments = CommaList(AssignmentItem);
        return new UpdateTable(table, alias, assignments, TryWord("WHERE") ? Expression() : null);
    }

    private Assignment AssignmentItem()
    {
        Seq<string> column = QualifiedName();
        if (!TrySymbol("=") && !TrySymbol("=="))
        {
            throw Unexpected("expected '='");
        }

        return IsWord("DEFAULT") ? throw Unsupported("DEFAULT values of columns") : new Assignment(column, Expression());
    }

    private DeleteFrom Delete()
    {
        Word("DELETE");
        Word("FROM");
        Seq<string> table = QualifiedName();
        string? alias = AliasName();
        return new DeleteFrom(table, alias, TryWord("WHERE") ? Expression() : null);
    }

    private MergeInto Merge()
    {
        Word("MERGE");
        bool evolve = TryWord("WITH");
        if (evolve)
        {
            Word("SCHEMA");
            Word("EVOLUTION");
        }

        Word("INTO");
        Seq<string> table = QualifiedName();
        string? alias = AliasName();
        Word("USING");
        Relation source = RelationPrimary();
        Word("ON");
        Expr on = Expression();
        List<MergeClause> clauses = [];
        while (TryWord("WHEN"))
        {
            clauses.Add(MergeClauseTail());
        }

        return clauses.Count > 0 ? new MergeInto(table, alias, source, on, clauses.ToSeq(), evolve) : throw new EngineException("MERGE_WITHOUT_WHEN", "There must be at least one WHEN clause in a MERGE statement.", ErrorKind.ParseException, position: Here);
    }

    private MergeClause MergeClauseTail()
    {
        MergeWhen when = MergeWhen.Matched;
        if (TryWord("NOT"))
        {
            Word("MATCHED");
            bool source = false;
            if (TryWord("BY"))
            {
                source = TryWord("SOURCE");
                if (!source)
                {
                    Word("TARGET");
                }
            }

            when = source ? MergeWhen.NotMatchedBySource : MergeWhen.NotMatched;
        }
        else
        {
            Word("MATCHED");
        }

        Expr? condition = TryWord("AND") ? Expression() : null;
        Word("THEN");
        return when == MergeWhen.NotMatched ? InsertAction(condition) : ChangeAction(when, condition);
    }

    private MergeClause ChangeAction(MergeWhen when, Expr? condition)
    {
        if (TryWord("DELETE"))
        {
            return new MergeClause(when, condition, MergeAction.Delete, [], Star: false);
        }

        Word("UPDATE");
        Word("SET");
        if (IsSymbol("*"))
        {
            Symbol("*");
            return when == MergeWhen.Matched ? new MergeClause(when, condition, MergeAction.Update, [], Star: true) : throw Unexpected("UPDATE SET * needs a row of the source");
        }

        return new MergeClause(when, condition, MergeAction.Update, CommaList(AssignmentItem), Star: false);
    }

    private MergeClause InsertAction(Expr? condition)
    {
        Word("INSERT");
        if (TrySymbol("*"))
        {
            return new MergeClause(MergeWhen.NotMatched, condition, MergeAction.Insert, [], Star: true);
        }

        Symbol("(");
        Seq<Seq<string>> columns = CommaList(QualifiedName);
        Symbol(")");
        Word("VALUES");
        Symbol("(");
        Seq<Expr> values = CommaList(() => IsWord("DEFAULT") ? throw Unsupported("DEFAULT values of columns") : Expression());
        Symbol(")");
        return columns.Count == values.Count
            ? new MergeClause(MergeWhen.NotMatched, condition, MergeAction.Insert, columns.Zip(values, (c, v) => new Assignment(c, v)).ToSeq(), Star: false)
            : throw new EngineException("INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS", $"The INSERT clause names {columns.Count} columns, but gives {values.Count} values.", ErrorKind.ParseException, position: Here);
    }
}
