using System.Numerics;
using System.Text;

namespace Hearth.Platform.Text;

/// <summary>The bytes of a text as one big-endian number in base 36: how EMR on EKS names service accounts after roles.</summary>
public static class Base36
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary><c>execRoleJob</c> is <c>fevrsm759n9n7uvs2</c>.</summary>
    public static string Of(string text)
    {
        var number = new BigInteger(Encoding.UTF8.GetBytes(text), isUnsigned: true, isBigEndian: true);
        var digits = new List<char>();
        do
        {
            number = BigInteger.DivRem(number, 36, out var digit);
            digits.Add(Digits[(int)digit]);
        }
        while (!number.IsZero);

        digits.Reverse();
        return new string([.. digits]);
    }
}
