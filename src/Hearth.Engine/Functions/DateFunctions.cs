namespace Hearth.Engine.Functions;

internal static class DateFunctions
{
    public static void AddTo(FunctionList list)
    {
    }
}
