package cataloguetest

import (
	"regexp"
	"strings"
	"testing"
)

// rejected are words for what has another word here: one thing has one name, and in
// Chinese it is that of the textbooks.
var rejected = map[string][]struct {
	wrong *regexp.Regexp
	word  string
}{
	"en": {
		{regexp.MustCompile(`(?i)acknowledgment`), "acknowledgement"},
		{regexp.MustCompile(`(?i)\b(?:username|screen name|pseudonym)`), "nickname"},
		{regexp.MustCompile(`(?i)\bmask(?:ing)?-key|\bmask key`), "masking key"},
		{regexp.MustCompile(`Websocket|(?i:web socket)`), "WebSocket"},
		{regexp.MustCompile(`(?i)\bdatagram`), "packet"},
		{regexp.MustCompile(`(?i)three-way|\b3-way`), "TCP handshake"},
	},
	"fr": {
		{regexp.MustCompile(`(?i)pseudonyme|surnom`), "pseudo"},
		{regexp.MustCompile(`(?i)\baccusés?\b`), "acquittement"},
		{regexp.MustCompile(`(?i)r[ée]pertoire`), "dossier"},
		{regexp.MustCompile(`(?i)(?:code|statut|état) de sortie`), "code de retour"},
		{regexp.MustCompile(`(?i)datagramme`), "paquet"},
		{regexp.MustCompile(`(?i)payload|données utiles`), "charge utile"},
		{regexp.MustCompile(`(?i)prise de contact|handshake|négociation à trois`), "poignée de main"},
		{regexp.MustCompile(`(?i)analyseur|renifleur`), "sniffer"},
		{regexp.MustCompile(`(?i)indicateur|fanion|\bflags\b`), "drapeau"},
		{regexp.MustCompile(`(?i)\bloopback|bouclage`), "boucle locale"},
		{regexp.MustCompile(`(?i)somme de vérification|checksum`), "somme de contrôle"},
		{regexp.MustCompile(`(?i)étudiant`), "élève"},
		{regexp.MustCompile(`(?i)\bclés? de masque\b`), "clé de masquage"},
		{regexp.MustCompile(`(?i)\bdéfaut\b|\bdéfaillance`), "panne"},
	},
	"zh": {
		{regexp.MustCompile(`序列号|顺序号`), "序号"},
		{regexp.MustCompile(`确认序号|应答号`), "确认号"},
		{regexp.MustCompile(`期待`), "期望"},
		{regexp.MustCompile(`报文(?:[^段]|$)`), "报文段"},
		{regexp.MustCompile(`数据报|分组|封包|(?:^|[^据抓取逐])包(?:[^括含]|$)`), "数据包"},
		{regexp.MustCompile(`负载|净荷|有效载荷`), "载荷"},
		{regexp.MustCompile(`蒙版|屏蔽|遮罩|掩码键`), "掩码"},
		{regexp.MustCompile(`(?:解除?|反)掩码`), "去掉掩码"},
		{regexp.MustCompile(`头部|[包报帧]头|HTTP 头`), "首部"},
		{regexp.MustCompile(`捕获|截获|侦听`), "抓包"},
		{regexp.MustCompile(`回环|环路`), "环回"},
		{regexp.MustCompile(`用户名|网名`), "昵称"},
		{regexp.MustCompile(`方言`), "消息格式"},
		{regexp.MustCompile(`检验和|校验码`), "校验和"},
		{regexp.MustCompile(`密匙|秘钥`), "密钥"},
		{regexp.MustCompile(`HTTP (?:应|回)答`), "HTTP 响应"},
		{regexp.MustCompile(`新来`), "新成员"},
		{regexp.MustCompile(`TCP 握手`), "TCP 三次握手"},
		{regexp.MustCompile(`聊天网页|网页(?:服务器|的端口|所用)`), "页面"},
	},
}

// argument is the name of one, which is no word of a text.
var argument = regexp.MustCompile(`\{[a-z]+(?:\}|, )`)

// One thing has one word, in every catalogue. What a student may type (word.) has
// them all, and the glossary's names (name.) have what other books call a thing.
func TestWordsOfCatalogues(t *testing.T) {
	everyText(t, func(room, lang, key, text string) {
		theirs := strings.HasPrefix(key, "word.") || room == "lab/words" && strings.HasPrefix(key, "name.")
		if !theirs {
			oneWord(t, room+": "+key, lang, argument.ReplaceAllString(text, "x"))
		}
	})
}

// And in the tutorials.
func TestWordsOfTutorials(t *testing.T) {
	everyTutorial(t, func(name, lang, prose string) { oneWord(t, name, lang, prose) })
}

func oneWord(t *testing.T, at, lang, text string) {
	t.Helper()
	for _, r := range rejected[lang] {
		if wrong := r.wrong.FindString(text); wrong != "" {
			t.Errorf("%s: %s: %q: the word is %s", at, lang, wrong, r.word)
		}
	}
}
