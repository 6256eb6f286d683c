namespace Hearth.Engine.Functions;

internal static class JsonFunctions
{
    public static void AddTo(FunctionList list)
    {
    }
}
