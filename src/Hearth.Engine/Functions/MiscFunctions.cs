namespace Hearth.Engine.Functions;

internal static class MiscFunctions
{
    public static void AddTo(FunctionList list)
    {
    }
}
