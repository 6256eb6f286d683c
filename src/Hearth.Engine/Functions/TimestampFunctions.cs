namespace Hearth.Engine.Functions;

internal static class TimestampFunctions
{
    public static void AddTo(FunctionList list)
    {
    }
}
