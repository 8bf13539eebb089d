using System.Reflection;

namespace DaprRollouts.Tests.WorkflowSdk.Surface;

/// <summary>Writes the public types of an assembly as lines of text, one a member, in the order of their names.</summary>
internal static class SurfaceText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(IEnumerable<Type> types) =>
        types.OrderBy(t => t.FullName, StringComparer.Ordinal).SelectMany(Of);

    public static IEnumerable<string> Of(Type type)
    {
        var name = TypeText.Full(type);
        yield return $"{name}: {Header(type)}";
        foreach (var line in type.GetMembers(Declared).SelectMany(MemberText).Distinct().Order(StringComparer.Ordinal))
        {
            yield return $"{name}: {line}";
        }
    }

    private static string Header(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class";
        var modifiers = type switch
        {
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsAbstract: true, IsInterface: false } => "abstract ",
            { IsSealed: true, IsValueType: false } => "sealed ",
            _ => "",
        };
        List<Type> parents = type.BaseType is { } parent && parent != typeof(object) && !type.IsEnum && !type.IsValueType ? [parent] : [];
        parents.AddRange(type.GetInterfaces().Where(i => i.IsPublic).OrderBy(i => i.FullName, StringComparer.Ordinal));
        return $"{modifiers}{kind}" + (parents.Count == 0 || type.IsEnum ? "" : " : " + string.Join(", ", parents.Select(TypeText.Short)));
    }

    private static IEnumerable<string> MemberText(MemberInfo member) => member switch
    {
        ConstructorInfo c when Visible(c) => [$"{Access(c)}ctor({Parameters(c)})"],
        MethodInfo m when Visible(m) && !IsAccessor(m) => [MethodText(m)],
        PropertyInfo p => PropertyText(p),
        FieldInfo { IsPublic: true, IsStatic: true, DeclaringType.IsEnum: true } f => [$"{f.Name} = {Convert.ToInt64(f.GetRawConstantValue())}"],
        FieldInfo { IsPublic: true, DeclaringType.IsEnum: false } f => [$"field {TypeText.Of(new NullabilityInfoContext().Create(f))} {f.Name}"],
        _ => [],
    };

    private static string MethodText(MethodInfo method)
    {
        var generics = method.IsGenericMethod
            ? "<" + string.Join(", ", method.GetGenericArguments().Select(a => a.Name)) + ">" + Constraints(method)
            : "";
        var result = TypeText.Of(new NullabilityInfoContext().Create(method.ReturnParameter));
        return $"{Access(method)}{Modifiers(method)}{result} {method.Name}{generics}({Parameters(method)})";
    }

    private static string Constraints(MethodInfo method) => string.Concat(method.GetGenericArguments()
        .Where(a => a.GetGenericParameterConstraints().Length > 0 || a.GenericParameterAttributes != 0)
        .Select(a => $"[{a.Name}: {string.Join(", ", a.GetGenericParameterConstraints().Select(TypeText.Short).Prepend(a.GenericParameterAttributes.ToString()))}]"));

    private static IEnumerable<string> PropertyText(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(Visible).ToArray();
        if (accessors.Length == 0)
        {
            yield break;
        }

        var verbs = string.Concat(accessors.Select(a => a switch
        {
            _ when a == property.GetMethod => " get;",
            _ when a.ReturnParameter.GetRequiredCustomModifiers().Length > 0 => " init;",
            _ => " set;",
        }));
        var type = TypeText.Of(new NullabilityInfoContext().Create(property));
        yield return $"{Access(accessors[0])}{Modifiers(accessors[0])}{type} {property.Name} {{{verbs} }}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{TypeText.Of(new NullabilityInfoContext().Create(p))} {p.Name}{(p.HasDefaultValue ? $" = {p.DefaultValue ?? "default"}" : "")}"));

    private static string Modifiers(MethodInfo method) =>
        method.IsStatic ? "static "
        : method.DeclaringType!.IsInterface ? ""
        : method.IsAbstract ? "abstract "
        : method is { IsVirtual: true, IsFinal: false } ? (method.GetBaseDefinition() == method ? "virtual " : "override ")
        : "";

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static bool Visible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name.StartsWith("set_", StringComparison.Ordinal));
}
