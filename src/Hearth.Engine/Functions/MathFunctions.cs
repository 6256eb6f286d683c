namespace Hearth.Engine.Functions;

internal static class MathFunctions
{
    public static void AddTo(FunctionList list)
    {
    }
}
