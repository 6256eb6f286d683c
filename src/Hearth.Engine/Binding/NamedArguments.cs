using Hearth.Engine.Functions;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Arguments by name: <c>f(a, x => b)</c>. Spark knows the names of few functions; for the others it is an error.</summary>
internal static class NamedArguments
{
    /// <summary>The call with all arguments by position.</summary>
    /// <exception cref="EngineException">The function has no names, or a name is wrong.</exception>
    public static CallExpr InOrder(CallExpr call, FunctionDefinition definition)
    {
        if (!call.Args.Any(a => a is NamedArgument))
        {
            return call;
        }

        if (definition.Parameters.Length == 0)
        {
            throw new EngineException("NAMED_PARAMETERS_NOT_SUPPORTED", $"Named parameters are not supported for function `{call.Name}`; please retry the query with positional arguments to the function call instead.", position: call.At);
        }

        Expr?[] ordered = new Expr?[definition.Parameters.Length];
        for (int i = 0; i < call.Args.Count; i++)
        {
            ordered[Place(call, definition, i, ordered)] = call.Args[i] is NamedArgument named ? named.Value : call.Args[i];
        }

        int last = Array.FindLastIndex(ordered, a => a is not null);
        return call with { Args = ordered.Take(last + 1).Select((value, i) => value ?? Default(call, definition, i)).ToSeq() };
    }

    private static int Place(CallExpr call, FunctionDefinition definition, int index, Expr?[] ordered)
    {
        if (call.Args[index] is not NamedArgument named)
        {
            return index > 0 && call.Args[index - 1] is NamedArgument
                ? throw new EngineException("UNEXPECTED_POSITIONAL_ARGUMENT", $"Cannot invoke routine `{call.Name}` because it contains positional argument(s) following the named argument assigned to `{((NamedArgument)call.Args[index - 1]).Name}`; please rearrange them so the positional arguments come first and then retry the query again.", position: call.At)
                : index;
        }

        int place = Array.FindIndex(definition.Parameters, p => string.Equals(p, named.Name, StringComparison.OrdinalIgnoreCase));
        return place < 0
            ? throw new EngineException("UNRECOGNIZED_PARAMETER_NAME", $"Cannot invoke routine `{call.Name}` because the routine call included a named argument reference for the argument named `{named.Name}`, but this routine does not include any signature containing an argument with this name. Did you mean one of the following? [{string.Join(" ", definition.Parameters.Select(p => $"`{p}`"))}]", position: named.At)
            : ordered[place] is not null
            ? throw new EngineException("DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE", $"Call to routine `{call.Name}` is invalid because it includes multiple argument assignments to the same parameter name `{named.Name}`.", position: named.At)
            : place;
    }

    private static LiteralExpr Default(CallExpr call, FunctionDefinition definition, int index) => index < definition.Min
        ? throw new EngineException("REQUIRED_PARAMETER_NOT_FOUND", $"Cannot invoke routine `{call.Name}` because the parameter named `{definition.Parameters[index]}` is required, but the routine call did not supply a value. Please update the routine call to supply an argument value (either positionally at index {index} or by name) and retry the query again.", position: call.At)
        : new LiteralExpr(definition.Defaults[index], SparkType.String);
}
