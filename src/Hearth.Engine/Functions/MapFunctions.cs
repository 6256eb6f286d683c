namespace Hearth.Engine.Functions;

internal static class MapFunctions
{
    public static void AddTo(FunctionList list)
    {
    }
}
