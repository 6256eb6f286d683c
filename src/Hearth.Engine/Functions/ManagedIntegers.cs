using Hearth.Engine.Duck;
using static Hearth.Engine.Functions.ManagedLibrary;

namespace Hearth.Engine.Functions;

/// <summary>Java's arithmetic: integers that do not fit wrap; the cube root of a cube is exact.</summary>
internal static class ManagedIntegers
{
    public static void Register(ManagedFunctions f)
    {
        f.Add<double, DoubleCodec, double, DoubleCodec>("hearth_cbrt", (double v, out double r) => Give(Cbrt(v), out r));
        f.Add<int, IntCodec, int, IntCodec, int, IntCodec>("hearth_add_int", (int a, int b, out int r) => Give(unchecked(a + b), out r));
        f.Add<int, IntCodec, int, IntCodec, int, IntCodec>("hearth_sub_int", (int a, int b, out int r) => Give(unchecked(a - b), out r));
        f.Add<int, IntCodec, int, IntCodec, int, IntCodec>("hearth_mul_int", (int a, int b, out int r) => Give(unchecked(a * b), out r));
        f.Add<long, LongCodec, long, LongCodec, long, LongCodec>("hearth_add_long", (long a, long b, out long r) => Give(unchecked(a + b), out r));
        f.Add<long, LongCodec, long, LongCodec, long, LongCodec>("hearth_sub_long", (long a, long b, out long r) => Give(unchecked(a - b), out r));
        f.Add<long, LongCodec, long, LongCodec, long, LongCodec>("hearth_mul_long", (long a, long b, out long r) => Give(unchecked(a * b), out r));
    }

    // The C library is off by one unit for some cubes; Java is not.
    private static double Cbrt(double value)
    {
        double root = Math.Cbrt(value), whole = Math.Round(root);
        return whole * whole * whole == value ? whole : root;
    }
}
