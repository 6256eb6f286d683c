namespace Hearth.Engine.Functions;

internal static class RegexFunctions
{
    public static void AddTo(FunctionList list)
    {
    }
}
