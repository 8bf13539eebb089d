namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Builds the tree of an expression from its tokens, by the precedence of operators.</summary>
internal sealed class TreeBuilder
{
    private readonly List<Token> _tokens;
    private int _next;
    private int _depth;
    private int _predicates;

    private TreeBuilder(List<Token> tokens) => _tokens = tokens;

    private Token Current => _tokens[_next];

    /// <exception cref="ExpressionException">It is not an expression.</exception>
    public static Node Build(string source)
    {
        if (source.Length > ExpressionLimits.Length)
        {
            throw new ExpressionException($"the expression has {source.Length} characters; {ExpressionLimits.Length} are the limit", 0);
        }

        var builder = new TreeBuilder(Tokens.Of(source));
        var node = builder.Sequence();
        return builder.Current.Kind == TokenKind.End ? node : throw builder.Unexpected();
    }

    private Node Sequence()
    {
        var position = Current.Position;
        List<Node> nodes = [Expression(Operators.Lowest)];
        while (Accept(TokenKind.Operator, ";"))
        {
            if (Current.Kind == TokenKind.End)
            {
                break;
            }

            nodes.Add(Expression(Operators.Lowest));
        }

        return nodes.Count == 1 ? nodes[0] : new SequenceNode(nodes, position);
    }

    private Node Expression(int precedence)
    {
        if (++_depth > ExpressionLimits.Height)
        {
            throw new ExpressionException($"the expression is nested more than {ExpressionLimits.Height} levels deep", Current.Position);
        }

        var node = precedence == Operators.Lowest && Current.Is(TokenKind.Operator, "let") ? Let()
            : precedence == Operators.Lowest && Current.Is(TokenKind.Operator, "if") ? If()
            : Operations(precedence);
        _depth--;
        return node;
    }

    private Node Operations(int precedence)
    {
        var left = Primary();
        var previous = "";
        while (Current.Kind == TokenKind.Operator)
        {
            var token = Current;
            var negated = token.Value == "not";
            if (negated)
            {
                token = _tokens[_next + 1];
                if (!Operators.MayBeNegated(token))
                {
                    _next++;
                    throw Unexpected();
                }
            }

            if (Operators.OfBinary(token) is not { } binding || binding < precedence)
            {
                break;
            }

            _next += negated ? 2 : 1;
            left = Operation(left, token, binding, previous);
            left = negated ? new UnaryNode("not", left, token.Position) : left;
            previous = token.Value;
        }

        return precedence == Operators.Lowest ? Conditional(left) : left;
    }

    private Node Operation(Node left, Token token, int binding, string previous)
    {
        if (token.Value == "|")
        {
            var name = Expect(TokenKind.Identifier);
            return Postfix(Call(name, left));
        }

        if (previous == "??" && token.Value != "??")
        {
            throw new ExpressionException($"operator {token.Value} and ?? cannot be mixed: put one of them in parentheses", token.Position);
        }

        if (Operators.IsComparison(token))
        {
            return Comparison(left, token, binding);
        }

        var right = Expression(Operators.IsRightAssociative(token.Value) ? binding : binding + 1);
        return new BinaryNode(token.Value, left, right, token.Position);
    }

    private Node Comparison(Node left, Token token, int binding)
    {
        Node? all = null;
        for (; ; )
        {
            var right = Expression(binding + 1);
            var one = new BinaryNode(token.Value, left, right, token.Position);
            all = all is null ? one : new BinaryNode("&&", all, one, token.Position);
            if (!Operators.IsComparison(Current))
            {
                return all;
            }

            left = right;
            token = Current;
            _next++;
        }
    }

    private Node Conditional(Node node)
    {
        while (Accept(TokenKind.Operator, "?"))
        {
            var position = node.Position;
            if (Accept(TokenKind.Operator, ":"))
            {
                node = new ConditionalNode(node, node, Expression(Operators.Lowest), position);
                continue;
            }

            var then = Expression(Operators.Lowest);
            Expect(TokenKind.Operator, ":");
            node = new ConditionalNode(node, then, Expression(Operators.Lowest), position);
        }

        return node;
    }

    private LetNode Let()
    {
        var position = Current.Position;
        _next++;
        var name = Expect(TokenKind.Identifier);
        Expect(TokenKind.Operator, "=");
        var value = Expression(Operators.Lowest);
        Expect(TokenKind.Operator, ";");
        return new LetNode(name.Value, value, Sequence(), position);
    }

    private ConditionalNode If()
    {
        var position = Current.Position;
        _next++;
        var condition = Expression(Operators.Lowest);
        Expect(TokenKind.Bracket, "{");
        var then = Sequence();
        Expect(TokenKind.Bracket, "}");
        Expect(TokenKind.Operator, "else");
        if (Current.Is(TokenKind.Operator, "if"))
        {
            return new ConditionalNode(condition, then, Expression(Operators.Lowest), position);
        }

        Expect(TokenKind.Bracket, "{");
        var otherwise = Sequence();
        Expect(TokenKind.Bracket, "}");
        return new ConditionalNode(condition, then, otherwise, position);
    }

    private Node Primary()
    {
        var token = Current;
        if (Operators.OfUnary(token) is { } binding)
        {
            _next++;
            return Postfix(new UnaryNode(token.Value, Expression(binding), token.Position));
        }

        if (Accept(TokenKind.Bracket, "("))
        {
            var inner = Sequence();
            Expect(TokenKind.Bracket, ")");
            return Postfix(inner);
        }

        if (_predicates > 0 && token.Is(TokenKind.Operator, "#"))
        {
            _next++;
            var name = Current.Kind == TokenKind.Identifier && Current.Position == token.Position + 1 ? Expect(TokenKind.Identifier).Value : "";
            return Postfix(new PointerNode(name, token.Position));
        }

        if (_predicates > 0 && token.Is(TokenKind.Operator, "."))
        {
            return Postfix(new PointerNode("", token.Position));
        }

        return Postfix(Secondary());
    }

    private Node Secondary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                _next++;
                return token.Value switch
                {
                    "true" => new ConstantNode(true, token.Position),
                    "false" => new ConstantNode(false, token.Position),
                    "nil" => new ConstantNode(null, token.Position),
                    _ => Current.Is(TokenKind.Bracket, "(") ? Call(token) : new NameNode(token.Value, token.Position),
                };
            case TokenKind.Number:
                _next++;
                return new ConstantNode(NumberLiteral.Parse(token), token.Position);
            case TokenKind.Text:
                _next++;
                return new ConstantNode(token.Value, token.Position);
            case TokenKind.Bracket when token.Value == "[":
                _next++;
                return new ListNode(Items("]", () => Expression(Operators.Lowest)), token.Position);
            case TokenKind.Bracket when token.Value == "{":
                _next++;
                return new MapNode(Items("}", Entry), token.Position);
            default:
                throw Unexpected();
        }
    }

    private (Node Key, Node Value) Entry()
    {
        var token = Current;
        Node key;
        if (token.Kind is TokenKind.Identifier or TokenKind.Text or TokenKind.Number)
        {
            _next++;
            key = new ConstantNode(token.Value, token.Position);
        }
        else
        {
            key = token.Is(TokenKind.Bracket, "(")
                ? Expression(Operators.Lowest)
                : throw new ExpressionException($"a map key must be a quoted string, a number, an identifier or in parentheses, not {token}", token.Position);
        }

        Expect(TokenKind.Operator, ":");
        return (key, Expression(Operators.Lowest));
    }

    private List<T> Items<T>(string close, Func<T> item)
    {
        List<T> items = [];
        while (!Accept(TokenKind.Bracket, close))
        {
            if (items.Count > 0)
            {
                Expect(TokenKind.Operator, ",");
                if (Accept(TokenKind.Bracket, close))
                {
                    break;
                }
            }

            items.Add(item());
        }

        return items;
    }

    private CallNode Call(Token name, Node? piped = null)
    {
        Expect(TokenKind.Bracket, "(");
        List<Node> arguments = piped is null ? [] : [piped];
        var before = arguments.Count;
        var rest = Items(")", () => Argument(name.Value, before++));
        return new CallNode(name.Value, [.. arguments, .. rest], name.Position);
    }

    private Node Argument(string function, int index)
    {
        if (!Functions.IsPredicate(function, index))
        {
            return Expression(Operators.Lowest);
        }

        var position = Current.Position;
        _predicates++;
        Node body;
        if (Accept(TokenKind.Bracket, "{"))
        {
            body = Sequence();
            Expect(TokenKind.Bracket, "}");
        }
        else
        {
            body = Expression(Operators.Lowest);
            if (Current.Is(TokenKind.Operator, ";"))
            {
                throw new ExpressionException("put a predicate of several expressions into braces { }", Current.Position);
            }
        }

        _predicates--;
        return new PredicateNode(body, position);
    }

    private Node Postfix(Node node)
    {
        for (; ; )
        {
            var token = Current;
            if (token.Kind == TokenKind.Operator && token.Value is "." or "?.")
            {
                _next++;
                var optional = token.Value == "?.";
                node = optional && Accept(TokenKind.Bracket, "[") ? InChain(Index(node, optional, token.Position)) : Member(node, optional);
            }
            else if (Accept(TokenKind.Bracket, "["))
            {
                node = Index(node, optional: false, token.Position);
            }
            else
            {
                return node;
            }
        }
    }

    // Nil before "?." ends the names that follow; a bracket after them is applied to what they come to.
    private Node Member(Node target, bool optional) => target is ChainNode chain ? InChain(Named(chain.Inner, optional))
        : optional ? InChain(Named(target, optional))
        : Named(target, optional);

    private static Node InChain(Node node) => node is SliceNode ? node : new ChainNode(node, node.Position);

    private Node Named(Node target, bool optional)
    {
        var name = Current;
        if (name.Kind != TokenKind.Identifier && (name.Kind != TokenKind.Operator || !char.IsLetter(name.Value[0])))
        {
            throw new ExpressionException($"expected a name after the point, not {name}", name.Position);
        }

        _next++;
        return Accept(TokenKind.Bracket, "(")
            ? new MethodNode(target, name.Value, Items(")", () => Expression(Operators.Lowest)), optional, name.Position)
            : new MemberNode(target, new ConstantNode(name.Value, name.Position), optional, name.Position);
    }

    private Node Index(Node target, bool optional, int position)
    {
        if (Accept(TokenKind.Operator, ":"))
        {
            return Slice(target, null, position);
        }

        var index = Expression(Operators.Lowest);
        if (Accept(TokenKind.Operator, ":"))
        {
            return Slice(target, index, position);
        }

        Expect(TokenKind.Bracket, "]");
        return new MemberNode(target, index, optional, position);
    }

    private SliceNode Slice(Node target, Node? from, int position)
    {
        var to = Current.Is(TokenKind.Bracket, "]") ? null : Expression(Operators.Lowest);
        Expect(TokenKind.Bracket, "]");
        return new SliceNode(target, from, to, position);
    }

    private bool Accept(TokenKind kind, string value)
    {
        if (!Current.Is(kind, value))
        {
            return false;
        }

        _next++;
        return true;
    }

    private Token Expect(TokenKind kind, string? value = null)
    {
        var token = Current;
        if (token.Kind != kind || (value is not null && token.Value != value))
        {
            throw value is null ? Unexpected() : new ExpressionException($"unexpected {token}: expected {value}", token.Position);
        }

        _next++;
        return token;
    }

    private ExpressionException Unexpected() => new($"unexpected {Current}", Current.Position);
}
