using System.Reflection;

namespace DaprRollouts.Tests.WorkflowSdk.Surface;

/// <summary>Names types as source code would, with their nullability.</summary>
internal static class TypeText
{
    public static string Of(NullabilityInfo info)
    {
        var type = info.Type;
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Short(value) + "?";
        }

        var text = type.IsGenericType && info.GenericTypeArguments.Length > 0
            ? $"{Bare(type)}<{string.Join(", ", info.GenericTypeArguments.Select(Of))}>"
            : type.IsArray && info.ElementType is { } element ? Of(element) + "[]" : Short(type);
        return !type.IsValueType && info.ReadState == NullabilityState.Nullable ? text + "?" : text;
    }

    public static string Full(Type type) =>
        (type.IsNested ? Full(type.DeclaringType!) + "." : type.Namespace + ".") + Short(type);

    public static string Short(Type type) =>
        type.IsGenericParameter ? type.Name
        : type.IsArray ? Short(type.GetElementType()!) + "[]"
        : type.IsGenericType ? $"{Bare(type)}<{string.Join(", ", type.GetGenericArguments().Select(Short))}>"
        : type.Name;

    private static string Bare(Type type) => type.Name.Split('`')[0];
}
