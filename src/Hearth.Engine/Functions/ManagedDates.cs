using Hearth.Engine.Duck;

namespace Hearth.Engine.Functions;

internal static class ManagedDates
{
    public static void Register(ManagedFunctions functions)
    {
    }
}
