using Hearth.Engine.Plans;
using Hearth.Engine.Sql;

namespace Hearth.Engine.Printing;

internal sealed partial class SqlPrinter
{
    private void Join(BoundJoin join)
    {
        _out.Append("SELECT * FROM ");
        JoinSources(join);
    }

    // One FROM for joins of joins: DuckDB chooses their order only among the relations of one FROM, and not across a SELECT in between.
    private void Sources(BoundPlan input)
    {
        if (input is BoundJoin join)
        {
            JoinSources(join);
        }
        else
        {
            Source(input);
        }
    }

    private void JoinSources(BoundJoin join)
    {
        Sources(join.Left);
        _out.Append(join.Kind switch
        {
            JoinKind.Left => " LEFT JOIN ",
            JoinKind.Right => " RIGHT JOIN ",
            JoinKind.Full => " FULL JOIN ",
            JoinKind.Cross => " CROSS JOIN ",
            JoinKind.LeftSemi => " SEMI JOIN ",
            JoinKind.LeftAnti => " ANTI JOIN ",
            _ => " JOIN ",
        });
        _out.Append(join.Lateral ? "LATERAL " : "");
        if (join.Right is BoundJoin right && !join.Lateral)
        {
            _out.Append('(');
            JoinSources(right);
            _out.Append(')');
        }
        else
        {
            Source(join.Right);
        }

        if (join.Kind != JoinKind.Cross)
        {
            _out.Append(" ON ");
            if (join.On is null)
            {
                _out.Append("true");
            }
            else
            {
                Expr(join.On);
            }
        }
    }
}
