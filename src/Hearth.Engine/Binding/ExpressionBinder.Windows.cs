using Hearth.Engine.Functions;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Window functions.</summary>
internal sealed partial class ExpressionBinder
{
    private BoundExpr BindWindow(WindowExpr window)
    {
        WindowSpec spec = Resolve(window.Spec, window.At);
        if (window.Function is not CallExpr call)
        {
            throw new EngineException("UNSUPPORTED_EXPR_FOR_WINDOW", "Expression is not supported within a window function.", position: window.At);
        }

        if (call.Distinct)
        {
            throw new EngineException("DISTINCT_WINDOW_FUNCTION_UNSUPPORTED", "Distinct window functions are not supported.", position: window.At);
        }

        OrderedSets.CheckWindow(call, spec.Order.Count > 0, spec.Frame is not null);
        if (call.Filter is not null)
        {
            throw new EngineException("_LEGACY_ERROR_TEMP_1030", "Window aggregate function with filter predicate is not supported yet.", position: window.At);
        }

        BoundExpr function = Bind(call);
        if (!function.HasAggregate())
        {
            throw new EngineException("UNSUPPORTED_EXPR_FOR_WINDOW", $"Expression \"{call.Name}\" not supported within a window function.", position: window.At);
        }

        Seq<BoundExpr> partition = spec.Partition.Map(Bind);
        Seq<BoundSortKey> order = spec.Order.Map(BindSortKey);
        BoundFrame? frame = spec.Frame is null ? null : BindFrame(spec.Frame);
        CheckFrame(frame, order, window.At);
        return OnAggregates(function, leaf => new BoundWindow(Check(leaf, order, call), partition, order, leaf.FixedFrame ? null : frame));
    }

    private static BoundAggregate Check(BoundAggregate leaf, Seq<BoundSortKey> order, CallExpr call) => leaf.FixedFrame && order.Count == 0
        ? throw new EngineException("WINDOW_FUNCTION_AND_FRAME_MISMATCH", $"Window function {call.Name}() requires window to be ordered, please add ORDER BY clause.", position: call.At)
        : leaf;

    private WindowSpec Resolve(WindowSpec spec, SourcePosition? at)
    {
        if (spec.Name is null)
        {
            return spec;
        }

        NamedWindow named = Scope.Windows.FirstOrDefault(w => string.Equals(w.Name, spec.Name, StringComparison.OrdinalIgnoreCase))
            ?? throw new EngineException("MISSING_WINDOW_SPECIFICATION", $"Window specification is not defined in the WINDOW clause for {spec.Name}.", position: at);
        WindowSpec whole = Resolve(named.Spec, at);
        return new WindowSpec(
            null,
            spec.Partition.Count > 0 ? spec.Partition : whole.Partition,
            spec.Order.Count > 0 ? spec.Order : whole.Order,
            spec.Frame ?? whole.Frame);
    }

    // Rows are counted by an INT; days of a DATE by a whole number or an interval of whole days or months.
    private static void CheckFrame(BoundFrame? frame, Seq<BoundSortKey> order, SourcePosition? at)
    {
        foreach (BoundExpr? offset in (BoundExpr?[])[frame?.Start, frame?.End])
        {
            if (offset is not null && frame!.Rows && offset.Type != SparkType.Int && offset.Type.IsAtomic)
            {
                throw Errors.Mismatch("SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE", $"Cannot resolve the window frame due to data type mismatch: the data type of the bound {Errors.TypeOf(offset.Type)} does not match the expected data type \"INT\".", at);
            }

            if (offset is not null && !frame!.Rows && order is [{ Value.Type: var key }] && key == SparkType.Date && offset.Type is DayTimeType { End: > 0 })
            {
                throw Errors.Mismatch("RANGE_FRAME_INVALID_TYPE", $"The data type \"DATE\" used in the order specification does not support the data type {Errors.TypeOf(offset.Type)} which is used in the range frame.", at);
            }
        }
    }

    private BoundFrame BindFrame(WindowFrame frame) => new(
        frame.Rows,
        frame.Start.Kind,
        frame.Start.Offset is null ? null : Bind(frame.Start.Offset),
        frame.End.Kind,
        frame.End.Offset is null ? null : Bind(frame.End.Offset));
}
