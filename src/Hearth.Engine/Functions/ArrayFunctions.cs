namespace Hearth.Engine.Functions;

internal static class ArrayFunctions
{
    public static void AddTo(FunctionList list)
    {
    }
}
