namespace Hearth.Engine.Functions;

internal static class StringFunctions
{
    public static void AddTo(FunctionList list)
    {
    }
}
